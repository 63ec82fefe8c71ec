/** A refusal by the store, or the lack of an answer from it. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** The store's own code, such as `NoSuchUpload`; `NetworkError` when no answer came, `InvalidAnswer` when it made no sense. */
  readonly code: string
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** The store's id of the request, for its operator. */
  readonly requestId: string | undefined
  /** Whether the same request may succeed later, without anything being changed. */
  readonly retryable: boolean

  constructor(
    message: string,
    details: {
      readonly code: string
      readonly status: number
      readonly requestId?: string | undefined
      readonly retryable?: boolean
      readonly cause?: unknown
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.status = details.status
    this.requestId = details.requestId
    this.retryable = details.retryable ?? isRetryable(details.code, details.status)
  }
}

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

function isRetryable(code: string, status: number): boolean {
  return retryableCodes.has(code) || status >= 500
}
