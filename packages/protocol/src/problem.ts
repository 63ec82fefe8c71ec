import type { RegisteredUpload } from './upload.js'

/** The `code` of a problem document that may answer a call of the API. */
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

/** The closed set of docs/api.md: `link-expired` is answered to a signed link, and to no call of the API. */
export type ErrorCode = CallErrorCode | 'link-expired'

/** `application/problem+json` (RFC 9457): what happened, and what to do. */
export interface ProblemDocument {
  /** Always `about:blank`: {@link ProblemDocument.code} names the kind. */
  readonly type: string
  /** What happened, in the same words for each of this code. */
  readonly title: string
  /** HTTP status. */
  readonly status: number
  /** What happened this time, and what to do. */
  readonly detail: string
  /** What happened, for code. */
  readonly code: ErrorCode
  /** With `invalid-request`: members at fault. */
  readonly problems?: readonly { readonly path: string; readonly message: string }[] | undefined
  /** With `already-done`. */
  readonly upload?: RegisteredUpload | undefined
  /** With `forbidden-origin`: the calling page's origin, and the server's own. */
  readonly received?: string | undefined
  /** With `forbidden-origin`: the server's own origin. */
  readonly expected?: string | undefined
  /** With `parts-mismatch`: missing or different in the store. */
  readonly partNumbers?: readonly number[] | undefined
  /** With `too-many-requests`: seconds, as in the header `Retry-After`. */
  readonly retryAfter?: number | undefined
  /** With `too-large`: bytes of the largest file that is taken. */
  readonly maxBytes?: number | undefined
  /** With the codes of a store: its own code, and its name for the request. */
  readonly storeCode?: string | undefined
  /** With the codes of a store: its name for the request. */
  readonly requestId?: string | undefined
}
