import type { ErrorCode, ProblemDocument } from '@carryon/protocol'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

const kinds = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Refused' },
  'forbidden-origin': { status: 403, title: 'This page may not call this server' },
  'not-found': { status: 404, title: 'Not found' },
  'already-done': { status: 409, title: 'The upload is already done' },
  'parts-mismatch': { status: 409, title: 'Parts are missing or differ' },
  'checksum-mismatch': { status: 409, title: 'The object is not what was declared' },
  'upload-gone': { status: 410, title: 'The upload is gone' },
  'link-expired': { status: 410, title: 'The link has expired' },
  'too-large': { status: 413, title: 'Too large' },
  misdirected: { status: 421, title: 'This server does not have that name' },
  'too-many-requests': { status: 429, title: 'Too many requests or uploads' },
  internal: { status: 500, title: 'Internal error' },
  'store-denied': { status: 502, title: 'The store refused this server' },
  'store-unavailable': { status: 503, title: 'The store cannot be reached' },
  'sts-unavailable': { status: 503, title: 'No credentials can be issued now' },
  'store-full': { status: 507, title: 'The store is full' },
} as const satisfies Record<ErrorCode, { readonly status: ContentfulStatusCode; readonly title: string }>

/** Extension members (RFC 9457, 3.2), and a status that differs from the code's own. */
type ProblemMembers = Partial<Omit<ProblemDocument, 'type' | 'title' | 'detail' | 'code'>>

/** An error that is meant for the caller: what happened and what to do, as RFC 9457 problem details. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ErrorCode
  readonly members: ProblemMembers

  constructor(code: ErrorCode, detail: string, members: ProblemMembers = {}, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause })
    this.code = code
    this.members = members
  }

  /** The code's own status, unless the members set another. */
  get status(): ContentfulStatusCode {
    const { status } = this.members
    return status === undefined ? kinds[this.code].status : (status as ContentfulStatusCode)
  }

  /** Seconds after which to try again, if known. */
  get retryAfter(): number | undefined {
    return this.members.retryAfter
  }

  toJSON(): ProblemDocument {
    const { status, title } = kinds[this.code]
    return { type: 'about:blank', title, status, detail: this.message, code: this.code, ...this.members }
  }
}
