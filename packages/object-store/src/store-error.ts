/** Local codes, for failures without an answer of the store; every other code is the store's. */
export type LocalStoreErrorCode =
  /** No answer came: no connection, connection lost, or no progress within the watchdog's time. */
  | 'NetworkError'
  /** An invalid answer: not the expected XML, truncated, or not from a store. */
  | 'InvalidAnswer'
  /** The request was not sent, because it is invalid: see the message. */
  | 'InvalidRequest'
  /** This page may not use WebCrypto: it is neither on https nor on localhost. */
  | 'CryptoUnavailable'

/** Properties of a {@link StoreError} besides its message. `status` is 0 if there was no answer. */
export interface StoreErrorDetails {
  /** See {@link StoreError.code}. */
  readonly code: string
  /** HTTP status; 0: no answer came. */
  readonly status: number
  /** See {@link StoreError.requestId}. */
  readonly requestId?: string | undefined
  /** Default: by code and status. */
  readonly retryable?: boolean
  /** Milliseconds. */
  readonly retryAfter?: number | undefined
  /** See {@link StoreError.storeTime}. */
  readonly storeTime?: Date | undefined
  /** The error that this one follows from. */
  readonly cause?: unknown
}

/**
 * A refusal by the store, or the lack of an answer from it.
 *
 * @example
 * try {
 *   await store.listParts(key, uploadId)
 * } catch (error) {
 *   if (error instanceof StoreError && error.code === 'NoSuchUpload') return null
 *   throw error
 * }
 */
export class StoreError extends Error {
  /** Always `StoreError`. */
  override readonly name = 'StoreError'
  /** The store's own code, such as `NoSuchUpload` (COS 436/7730), or a {@link LocalStoreErrorCode}. */
  readonly code: string
  /** HTTP status; 0 when no answer came. 200 is possible: complete may fail after its status is sent. */
  readonly status: number
  /** The store's id of the request, for its operator. */
  readonly requestId: string | undefined
  /** Whether the same request may succeed later, without anything being changed. */
  readonly retryable: boolean
  /** Milliseconds that the store asks to wait before the next attempt (`Retry-After`). */
  readonly retryAfter: number | undefined
  /** The store's time, if the refusal contains it (`RequestTimeTooSkewed`, or the `Date` header). */
  readonly storeTime: Date | undefined

  constructor(message: string, details: StoreErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.status = details.status
    this.requestId = details.requestId
    this.retryable = details.retryable ?? isRetryable(details.code, details.status)
    this.retryAfter = details.retryAfter
    this.storeTime = details.storeTime
  }
}

/** COS 436/7730: refusals whose cause is not the request itself. */
const retryableCodes = new Set([
  'NetworkError',
  'BadDigest',
  'IncompleteBody',
  'RequestTimeout',
  'UserNetworkTooSlow',
  'SlowDown',
  'InternalError',
  'ServiceUnavailable',
  'UploadConflict',
  'PathConflict',
])

/** 501 and 505 mean "never", 507 "not until there is space" (RFC 9110 section 15.6, RFC 4918 section 11.5). */
const finalStatuses = new Set([501, 505, 507])

function isRetryable(code: string, status: number): boolean {
  if (retryableCodes.has(code) || status === 408 || status === 429) return true
  return status >= 500 && !finalStatuses.has(status)
}
