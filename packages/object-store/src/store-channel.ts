import { withCommonCode } from './common-code.js'
import { CredentialSource } from './credential-source.js'
import type { CredentialProvider, TimedCredentials } from './credential-source.js'
import type { StoreDialect } from './store-dialect.js'
import { fetchKeepingAlive } from './http/head-over-node.js'
import { defaultRetryPlan, withRetries } from './http/retry.js'
import type { RetryPlan } from './http/retry.js'
import { send } from './http/send.js'
import type { FormRequest, PresignRequest, SignedForm, SignedRequest } from './store-calls.js'
import type { DialectInfo, StoreCredentials, StoreLocation } from './store-description.js'
import { parseStoreError } from './parse-store-error.js'
import type { Signing, StoreRequest } from './request.js'
import { StoreClock } from './store-clock.js'
import { StoreError } from './store-error.js'

/** How long the store may be silent. */
export interface StoreTimeouts {
  /** Milliseconds without an answer, or without a further byte of one. Default 30 000. */
  readonly idle?: number
  /** The same for complete, which may be silent while it joins the parts. Default 120 000. */
  readonly complete?: number
}

export interface ChannelOptions {
  /** The bucket. */
  readonly location: StoreLocation
  /**
   * Address at which browsers reach the same bucket, if it differs: a CDN for uploads, an acceleration domain, or the
   * public side of a store in an intranet. Requests that are signed for others use it.
   *
   * @default `location`
   */
  readonly browserLocation?: StoreLocation
  /** A provider is called again shortly before `expiresAt`, and after the store has refused its credentials. */
  readonly credentials: StoreCredentials | CredentialProvider
  /** Default: the global `fetch`, except for HEAD in Node, which uses kept-alive connections instead. */
  readonly fetch?: typeof globalThis.fetch
  /** Time limits for answers. @default those of each member */
  readonly timeouts?: StoreTimeouts
  /** Default: a new clock, which learns from each answer. */
  readonly clock?: StoreClock
  /** For calls that may be repeated. Default: three attempts, full jitter from 200 ms. */
  readonly retry?: Partial<RetryPlan>
}

export interface Call extends StoreRequest {
  /** The store's name of the operation, for messages: `UploadPart`. */
  readonly operation: string
  readonly body?: Uint8Array | Blob
  /** Whether the call may be repeated when its answer was lost. */
  readonly repeatable: boolean
  readonly signal?: AbortSignal | undefined
  /** Milliseconds; instead of `timeouts.idle`. */
  readonly idle?: number
}

/** The answer to a call, of status 2xx. */
export interface Answer {
  readonly status: number
  readonly dialect: Pick<DialectInfo, 'commonCodes'>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Seconds. A signature's validity starts and ends at multiples of this, so that one signing key serves for some
 * minutes.
 */
const windowGrid = 300
/** Milliseconds of clock skew that can explain a refusal. */
const notableSkew = 60_000

type TimedSigning = Signing & { readonly credentials: TimedCredentials }

/** Signed requests to one bucket: credentials, the store's time, watchdog, typed errors and retries. */
export class StoreChannel {
  /** Address of this program's own calls. */
  readonly location: StoreLocation
  readonly #browserLocation: StoreLocation
  readonly #dialect: StoreDialect
  readonly #credentials: CredentialSource
  readonly #clock: StoreClock
  readonly #retry: RetryPlan
  readonly #options: ChannelOptions

  constructor(dialect: StoreDialect, options: ChannelOptions) {
    this.location = options.location
    this.#browserLocation = options.browserLocation ?? options.location
    this.#dialect = dialect
    this.#credentials = new CredentialSource(options.credentials)
    this.#clock = options.clock ?? new StoreClock()
    this.#retry = { ...defaultRetryPlan, ...options.retry }
    this.#options = options
  }

  /** Sends `call` and reads the whole answer. Rejects with a {@link StoreError} unless its status is 2xx. */
  async call(call: Call): Promise<Answer> {
    return this.#repeat(call, async () => {
      const response = await this.#open(call)
      return {
        status: response.status,
        dialect: this.#dialect,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      }
    })
  }

  /** Like `call`, but leaves the answer's body for the caller to read. */
  async open(call: Call): Promise<Response> {
    return this.#repeat(call, () => this.#open(call))
  }

  async presign(request: PresignRequest): Promise<SignedRequest> {
    const { method, key, query = {}, expiresIn, forbidOverwrite = false } = request
    const headers = { ...request.headers, ...(forbidOverwrite ? this.#dialect.forbidOverwrite : {}) }
    const signing = await this.#signingFor(expiresIn)
    const signed = await this.#dialect.presign({ method, key, query, headers }, signing)
    return { ...signed, ...earlyEnd(signing, expiresIn) }
  }

  async presignForm({ expiresIn, ...form }: FormRequest): Promise<SignedForm> {
    const { signForm } = this.#dialect
    if (signForm === null) {
      throw new StoreError('This store has no form that fixes the bytes. Sign a PUT instead.', {
        code: 'NotImplemented',
        status: 0,
      })
    }
    const signing = await this.#signingFor(expiresIn)
    return { ...(await signForm(form, signing)), ...earlyEnd(signing, expiresIn) }
  }

  /**
   * Signing for a request that a client sends within `expiresIn` seconds; the validity starts earlier, for clocks
   * that are behind.
   */
  async #signingFor(expiresIn: number): Promise<TimedSigning> {
    const now = this.#now()
    const credentials = await this.#credentials.get(now)
    const end = Math.min(now + expiresIn, credentials.expiresAt ?? Infinity)
    const window = { start: Math.floor(now) - windowGrid, end: Math.floor(end) }
    return { location: this.#browserLocation, credentials, now, window }
  }

  #repeat<T>(call: Call, attempt: () => Promise<T>): Promise<T> {
    return call.repeatable ? withRetries(attempt, this.#retry) : attempt()
  }

  /** One attempt, and a second one if the first failed because of a wrong clock or expired credentials. */
  async #open(call: Call): Promise<Response> {
    const offset = this.#clock.offset
    try {
      return await this.#sendOnce(call)
    } catch (error) {
      if (!(error instanceof StoreError) || !this.#canRecover(error, offset)) throw error
      return this.#sendOnce(call)
    }
  }

  #canRecover(error: StoreError, offsetBefore: number): boolean {
    if (error.code === 'ExpiredToken' && this.#credentials.renewable) {
      this.#credentials.drop()
      return true
    }
    // The answer to HEAD has no code, and some stores return only AccessDenied, "Request has expired".
    return error.status === 403 && Math.abs(this.#clock.offset - offsetBefore) > notableSkew
  }

  async #sendOnce(call: Call): Promise<Response> {
    const now = this.#now()
    const credentials = await this.#credentials.get(now)
    const signing = { location: this.location, credentials, now, window: windowAround(now, credentials) }
    const signed = await this.#dialect.sign(call, signing)
    const what = describe(call)
    const sentAt = this.#clock.localNow()
    const response = await send(signed, {
      fetch: this.#options.fetch ?? fetchKeepingAlive,
      what,
      body: call.body,
      idle: call.idle ?? this.#options.timeouts?.idle ?? 30_000,
      signal: call.signal,
    })
    this.#clock.learnFromDate(response.headers.get('date'), sentAt)
    if (response.ok) return response
    const headers = Object.fromEntries(response.headers)
    const refusal = parseStoreError(response.status, headers, await response.text(), what)
    const error = withCommonCode(refusal, this.#dialect)
    this.#clock.learnFromDate(error.storeTime, sentAt)
    throw error
  }

  #now(): number {
    return this.#clock.now() / 1000
  }
}

/**
 * A validity window: from five to ten minutes ago, for a store whose clock is behind, until ten to fifteen minutes
 * from now. Unix seconds.
 */
function windowAround(now: number, { expiresAt }: TimedCredentials): { start: number; end: number } {
  const tick = Math.floor(now / windowGrid) * windowGrid
  return { start: tick - windowGrid, end: Math.min(tick + 3 * windowGrid, Math.floor(expiresAt ?? Infinity)) }
}

/** `UploadPart 3 of "a.bin"` */
export function describe(call: Pick<Call, 'operation' | 'key' | 'query'>): string {
  const part = call.query?.['partNumber']
  const object = call.key === '' ? 'the bucket' : JSON.stringify(call.key)
  return `${call.operation}${part === undefined ? '' : ` ${part}`} of ${object}`
}

/** The expiry of the signing credentials, if it is earlier than requested. */
function earlyEnd({ credentials, now }: TimedSigning, expiresIn: number): { readonly expiresAt?: number } {
  const { expiresAt = Infinity } = credentials
  return expiresAt < now + expiresIn ? { expiresAt: Math.floor(expiresAt) } : {}
}
