import { createPartSigner } from '@carryon/object-store'
import type { PartSigner, PartSignerOptions, StoreClock } from '@carryon/object-store'
import { BackendError } from '../core/backend-error.js'
import type { AccessAnswer, AccessGrant, RegisteredUpload } from '@carryon/protocol'

/** Where to send one part, and with what. */
export interface SignedPut {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Of a form. */
  readonly fields?: Readonly<Record<string, string>>
  /** Which grant it was signed with; {@link RenewableGrant.refused} takes it. */
  readonly generation: number
}

export interface RenewableGrantOptions {
  readonly upload: RegisteredUpload
  /** Parts after this one are not asked for ahead of time. */
  readonly lastPart: () => number
  readonly first: AccessAnswer
  /** Whether a form is of use; else a renewal brings a PUT. */
  readonly takesForms: () => boolean
  /** Monotonic milliseconds: how long a grant has lasted is not asked of a clock that people set. */
  readonly now: () => number
  /** For signing. */
  readonly clock: StoreClock
  /** Asks the server; retries by itself. */
  readonly renew: (partNumbers: readonly number[] | undefined, signal: AbortSignal) => Promise<AccessAnswer>
  /** Ends with the upload's run: a renewal serves all requests, so no single one may end it. */
  readonly signal: AbortSignal
  /** Default: the store's own. */
  readonly createSigner?: (options: PartSignerOptions) => PartSigner
}

interface Renewal {
  readonly ended: Promise<void>
  /** Whose URLs it asks for; `null` for credentials, which are good for all. */
  readonly partNumbers: ReadonlySet<number> | null
}

/** Signed URLs fetched at once. */
const urlBatch = 100
/** Renewals in a row that did not bring what they were asked for, after which the server is taken at its word. */
const maxFruitless = 2
/** Renewed so long before its end, or in the last fifth of a shorter life: a server may be down for a while. Milliseconds. */
const earliest = 300_000
/** What is left at least of a grant that a request is signed with. Milliseconds. */
const shortestUse = 1_000
/**
 * What the server allows this browser, kept fresh: renewed well ahead of its end, by one request however many parts
 * ask, and in the background while the old one still serves.
 */
export class RenewableGrant {
  readonly #options: RenewableGrantOptions
  #access: AccessGrant
  #sign: PartSigner | null
  #generation = 1
  /** When {@link #access} came, monotonic milliseconds, and how long it lasts from then. */
  #receivedAt: number
  #lifetime: number
  #refusals = 0
  #isRefused = false
  #renewing: Renewal | null = null
  /** Part numbers that wait to be signed. */
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

  /** This part is sent soon: what is needed for it is asked for in the background. */
  expect(partNumber: number): void {
    if (this.#isLacking(partNumber)) this.#startRenewal(partNumber)
  }

  /**
   * The store refused a request of that generation. The next {@link sign} uses a new grant.
   *
   * @returns how many were refused in a row, this one included
   */
  refused(generation: number): number {
    // Each request that was signed with it is refused; that is one refusal.
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

  /** A renewal that was under way before may not bring the URL of this part: then it asks again. */
  async #keepFresh(partNumber: number): Promise<void> {
    this.#wanted.add(partNumber)
    try {
      for (let fruitless = 0; ;) {
        const lacking = this.#isLacking(partNumber)
        const unusable = lacking || this.#isRefused
        if (unusable || this.#isDue()) this.#startRenewal(partNumber)
        // While the old one is good for a request, nobody waits for the new one.
        if (!unusable) return
        const renewal = this.#renewing
        await renewal?.ended
        // Refused again meanwhile is another matter, and counted elsewhere.
        if (renewal?.partNumbers?.has(partNumber) !== false && this.#isLacking(partNumber)) fruitless += 1
        if (fruitless >= maxFruitless)
          throw new BackendError('internal', `The server gives no permission for part ${partNumber}.`)
      }
    } finally {
      this.#wanted.delete(partNumber)
    }
  }

  /** Whether there is nothing to sign the part with. */
  #isLacking(partNumber: number): boolean {
    const { mode } = this.#access
    const missing = mode === 'urls' && this.#access.urls[String(partNumber)] === undefined
    const useless = mode === 'form' && !this.#options.takesForms()
    return missing || useless || this.#left() <= shortestUse
  }

  /** Whether it is time for a new one. */
  #isDue(): boolean {
    return this.#left() <= Math.min(earliest, this.#lifetime / 5)
  }

  /** Milliseconds that the grant still lasts. */
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
    // Who waits for it gets the error; in the background it is tried again by the next part.
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

  /** The parts that wait, and those that come next. */
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

/** URLs of parts just before the new ones may not be used yet. All of them end with the earlier time. */
function mergeUrls(before: AccessGrant, now: AccessGrant): AccessGrant {
  if (before.mode !== 'urls' || now.mode !== 'urls') return now
  const first = Math.min(...Object.keys(now.urls).map(Number))
  const recent = Object.entries(before.urls).filter(([partNumber]) => Number(partNumber) >= first - urlBatch)
  const expiresAt = Math.min(before.expiresAt, now.expiresAt)
  return { ...now, urls: { ...Object.fromEntries(recent), ...now.urls }, expiresAt }
}
