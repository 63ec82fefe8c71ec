import type { CallErrorCode } from '@carryon/protocol'

/**
 * The error codes of docs/api.md, where `too-many-requests` stands for every answer with status 429, and codes that no
 * server sends: `network`, no answer came; `insecure`, there is no secure connection; `unexpected-answer`, something
 * else answered, such as a proxy; `headers-failed`, the application's function for headers failed; `page-error`, what
 * the application passed cannot be sent.
 */
export type BackendErrorCode =
  CallErrorCode | 'network' | 'insecure' | 'unexpected-answer' | 'headers-failed' | 'page-error'

/** A refusal by the server, or the lack of an answer from it. */
export class BackendError extends Error {
  /** Always `BackendError`. */
  override readonly name = 'BackendError'
  /** Why the server refused, or why no answer from it came. */
  readonly code: BackendErrorCode
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** With code `parts-mismatch`: the parts that are missing or different in the store. */
  readonly partNumbers: readonly number[]
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter: number | undefined
  /** The store's id of the request, if the server's answer has one. */
  readonly requestId: string | undefined

  constructor(
    code: BackendErrorCode,
    message: string,
    details: {
      readonly status?: number
      readonly partNumbers?: readonly number[]
      readonly retryAfter?: number | undefined
      readonly requestId?: string | undefined
      readonly cause?: unknown
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.status = details.status ?? 0
    this.partNumbers = details.partNumbers ?? []
    this.retryAfter = details.retryAfter
    this.requestId = details.requestId
  }
}

/** Whether the server answered that there is nothing left to cancel. */
export function isOver(error: unknown): error is BackendError {
  return error instanceof BackendError && ['already-done', 'upload-gone', 'not-found'].includes(error.code)
}
