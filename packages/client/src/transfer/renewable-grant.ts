import { createPartSigner } from '@carryon/object-store'
import type { PartSigner, PartSignerOptions, StoreClock } from '@carryon/object-store'
import { BackendError } from '../core/backend-error.js'
import type { AccessAnswer, AccessGrant, RegisteredUpload } from '@carryon/protocol'

/** Where to send one part, and with what. */
export interface SignedPut {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Form fields; present if the part is sent as a form. */
  readonly fields?: Readonly<Record<string, string>>
  /** The grant it was signed with; pass it to {@link RenewableGrant.refused}. */
  readonly generation: number
}

export interface RenewableGrantOptions {
  readonly upload: RegisteredUpload
  /** The last part whose URL may be requested ahead of time. */
  readonly lastPart: () => number
  readonly first: AccessAnswer
  /** Whether a form can be used; if not, the grant is renewed to get a PUT. */
  readonly takesForms: () => boolean
  /** Monotonic milliseconds: the age of a grant must not depend on a clock that users can set. */
  readonly now: () => number
  /** Clock for signing. */
  readonly clock: StoreClock
  /** Requests a new grant from the server; retries by itself. */
  readonly renew: (partNumbers: readonly number[] | undefined, signal: AbortSignal) => Promise<AccessAnswer>
  /** Signal of the upload's run, not of a request: a renewal serves all requests, so no single one may abort it. */
  readonly signal: AbortSignal
  /** Default: the store's own. */
  readonly createSigner?: (options: PartSignerOptions) => PartSigner
}

interface Renewal {
  readonly ended: Promise<void>
  /** The parts whose URLs it requests; `null` for credentials, which cover all parts. */
  readonly partNumbers: ReadonlySet<number> | null
}

/** Signed URLs requested at once. */
const urlBatch = 100
/** Number of renewals in a row that did not return what was requested, after which to give up. */
const maxFruitless = 2
/**
 * A grant is renewed this long before it expires, or in the last fifth of a shorter lifetime, because the server may be
 * down for a while. Milliseconds.
 */
const earliest = 300_000
/** Minimum remaining lifetime of a grant to sign a request with. Milliseconds. */
const shortestUse = 1_000

/**
 * Keeps the server's access grant fresh: renews it well before it expires, with one request however many parts need it,
 * and in the background while the old one is still valid.
 */
export class RenewableGrant {
  readonly #options: RenewableGrantOptions
  #access: AccessGrant
  #sign: PartSigner | null
  #generation = 1
  /** When {@link #access} was received, monotonic milliseconds. {@link #lifetime} counts from then. */
  #receivedAt: number
  #lifetime: number
  #refusals = 0
  #isRefused = false
  #renewing: Renewal | null = null
  /** Part numbers waiting to be signed. */
  readonly #wanted = new Set<number>()

  constructor(options: RenewableGrantOptions) {
    this.#options = options
    const { access, serverTime } = options.first
    this.#access = access
    this.#receivedAt = options.now()
    this.#lifetime = (access.expiresAt - serverTime) * 1000
    this.#sign = this.#signerFor(access)
  }

  /** Signs the PUT of a part. Rejects with a `StoreError` or `BackendError`, or with the signal's reason. */
  async sign(partNumber: number, size: number, signal: AbortSignal): Promise<SignedPut> {
    await this.#keepFresh(partNumber)
    signal.throwIfAborted()
    const generation = this.#generation
    const access = this.#access
    if (access.mode === 'put') return { url: access.url, headers: access.headers, generation }
    if (access.mode === 'form') return { url: access.url, headers: {}, fields: access.fields, generation }
    if (access.mode === 'urls') {
      return { url: access.urls[String(partNumber)] ?? '', headers: {}, generation }
    }
    const { key, uploadId } = this.#options.upload
    if (this.#sign === null || uploadId === null) throw new TypeError(`Upload ${key} is no multipart upload.`)
    const { url, headers } = await this.#sign({ key, uploadId, partNumber }, size)
    return { url, headers, generation }
  }

  /** Whether each part has a URL of its own. */
  get isByUrl(): boolean {
    return this.#access.mode === 'urls'
  }

  /** Requests in the background what is needed for a part that will be sent soon. */
  expect(partNumber: number): void {
    if (this.#isLacking(partNumber)) this.#startRenewal(partNumber)
  }

  /**
   * The store refused a request signed with that generation. The next {@link sign} uses a new grant.
   *
   * @returns how many grants were refused in a row, this one included
   */
  refused(generation: number): number {
    // All requests signed with one grant fail together; count that as one refusal.
    if (generation === this.#generation && !this.#isRefused) {
      this.#refusals += 1
      this.#isRefused = true
    }
    return this.#refusals
  }

  /** The store accepted a request. */
  accepted(): void {
    this.#refusals = 0
  }

  /** Renews the grant if needed. A renewal already under way may lack the URL of this part; then another follows. */
  async #keepFresh(partNumber: number): Promise<void> {
    this.#wanted.add(partNumber)
    try {
      for (let fruitless = 0; ;) {
        const lacking = this.#isLacking(partNumber)
        const unusable = lacking || this.#isRefused
        if (unusable || this.#isDue()) this.#startRenewal(partNumber)
        // As long as the old grant can sign a request, do not wait for the new one.
        if (!unusable) return
        const renewal = this.#renewing
        await renewal?.ended
        // A new grant that was refused meanwhile does not count as fruitless; `refused` counts it.
        if (renewal?.partNumbers?.has(partNumber) !== false && this.#isLacking(partNumber)) fruitless += 1
        if (fruitless >= maxFruitless)
          throw new BackendError('internal', `The server gives no permission for part ${partNumber}.`)
      }
    } finally {
      this.#wanted.delete(partNumber)
    }
  }

  /** Whether the grant cannot be used to sign the part. */
  #isLacking(partNumber: number): boolean {
    const { mode } = this.#access
    const missing = mode === 'urls' && this.#access.urls[String(partNumber)] === undefined
    const useless = mode === 'form' && !this.#options.takesForms()
    return missing || useless || this.#left() <= shortestUse
  }

  /** Whether it is time to renew. */
  #isDue(): boolean {
    return this.#left() <= Math.min(earliest, this.#lifetime / 5)
  }

  /** Milliseconds until the grant expires. */
  #left(): number {
    return this.#receivedAt + this.#lifetime - this.#options.now()
  }

  #startRenewal(partNumber: number): void {
    if (this.#renewing !== null) return
    const partNumbers = this.#access.mode === 'urls' ? this.#batchFrom(partNumber) : null
    const ended = this.#renewal(partNumbers).finally(() => {
      this.#renewing = null
    })
    this.#renewing = { ended, partNumbers }
    // Callers that wait for it get the error; a failed renewal in the background is repeated by the next part.
    ended.catch(() => undefined)
  }

  async #renewal(partNumbers: ReadonlySet<number> | null): Promise<void> {
    const { renew, now, signal } = this.#options
    const { access, serverTime } = await renew(partNumbers === null ? undefined : [...partNumbers], signal)
    this.#access = this.#isRefused || this.#isDue() ? access : mergeUrls(this.#access, access)
    this.#isRefused = false
    this.#sign = this.#signerFor(access)
    this.#receivedAt = now()
    this.#lifetime = (this.#access.expiresAt - serverTime) * 1000
    this.#generation += 1
  }

  /** The waiting parts and those that come next. */
  #batchFrom(first: number): ReadonlySet<number> {
    const batch = new Set(this.#wanted)
    const last = this.#options.lastPart()
    for (let next = first; next <= last && batch.size < urlBatch; next++) batch.add(next)
    return batch
  }

  #signerFor(access: AccessGrant): PartSigner | null {
    if (access.mode !== 'credentials') return null
    const { createSigner = createPartSigner, clock } = this.#options
    const { location, credentials, startsAt, expiresAt } = access
    return createSigner({ location, credentials, startsAt, expiresAt, clock })
  }
}

/**
 * Keeps the URLs of parts just before the new ones, which may still be needed. All of them get the earlier expiry time.
 */
function mergeUrls(before: AccessGrant, now: AccessGrant): AccessGrant {
  if (before.mode !== 'urls' || now.mode !== 'urls') return now
  const first = Math.min(...Object.keys(now.urls).map(Number))
  const recent = Object.entries(before.urls).filter(([partNumber]) => Number(partNumber) >= first - urlBatch)
  const expiresAt = Math.min(before.expiresAt, now.expiresAt)
  return { ...now, urls: { ...Object.fromEntries(recent), ...now.urls }, expiresAt }
}
