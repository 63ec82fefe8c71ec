import type { RegisteredUpload } from './upload.js'

/** Every `code` of a problem document that a call of the API may return. */
export const callErrorCodes = [
  'invalid-request',
  'unauthorized',
  'forbidden',
  'forbidden-origin',
  'not-found',
  'already-done',
  'parts-mismatch',
  'checksum-mismatch',
  'upload-gone',
  'too-large',
  'misdirected',
  'too-many-requests',
  'internal',
  'store-denied',
  'store-unavailable',
  'sts-unavailable',
  'store-full',
] as const

/** One of {@link callErrorCodes}. */
export type CallErrorCode = (typeof callErrorCodes)[number]

/** The closed set of docs/api.md: `link-expired` is returned only for signed links, never by a call of the API. */
export type ErrorCode = CallErrorCode | 'link-expired'

/** `application/problem+json` (RFC 9457): what happened, and what to do. */
export interface ProblemDocument {
  /** Always `about:blank`: {@link ProblemDocument.code} names the kind. */
  readonly type: string
  /** What happened; the same text for every problem with this code. */
  readonly title: string
  /** HTTP status. */
  readonly status: number
  /** What happened this time, and what to do. */
  readonly detail: string
  /** Machine-readable kind of problem. */
  readonly code: ErrorCode
  /** With `invalid-request`: the invalid members. */
  readonly problems?: readonly { readonly path: string; readonly message: string }[] | undefined
  /** With `already-done`: the finished upload. */
  readonly upload?: RegisteredUpload | undefined
  /** With `forbidden-origin`: the calling page's origin, and the server's own. */
  readonly received?: string | undefined
  /** With `forbidden-origin`: the server's own origin. */
  readonly expected?: string | undefined
  /** With `parts-mismatch`: numbers of parts that are missing or different in the store. */
  readonly partNumbers?: readonly number[] | undefined
  /** With `too-many-requests`: seconds, as in the header `Retry-After`. */
  readonly retryAfter?: number | undefined
  /** With `too-large`: largest accepted file size in bytes. */
  readonly maxBytes?: number | undefined
  /** With store errors: the store's own code. */
  readonly storeCode?: string | undefined
  /** With store errors: the store's request id. */
  readonly requestId?: string | undefined
}
