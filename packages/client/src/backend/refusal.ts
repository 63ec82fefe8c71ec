import { callErrorCodes } from '@carryon/protocol'
import { BackendError } from '../core/backend-error.js'
import type { BackendErrorCode } from '../core/backend-error.js'
import { isRecord } from './answer-shape.js'

const codes: ReadonlySet<unknown> = new Set(callErrorCodes)

/** Parses `Retry-After`, seconds or a date (RFC 9110 section 10.2.3), to milliseconds. */
export function millisecondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined
  const wait = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now()
  return wait >= 0 ? wait : undefined
}

/**
 * Converts an error answer to an error; `null` if the server did not write it. The server writes
 * `application/problem+json` (RFC 9457) or at least one of its codes. Statuses 429, and 401 or 403, are accepted from
 * anything, because a proxy may handle sign-in.
 */
export function parseRefusal(
  answer: UnexpectedAnswer,
  json: unknown,
  retryAfter: number | undefined,
): BackendError | null {
  const { status, type } = answer
  const isOurs =
    isRecord(json) && (isCode(json['code']) || type?.startsWith('application/problem+json') === true)
  const isPlain = status === 429 || status === 401 || status === 403
  return isOurs || isPlain ? refusal(status, json, retryAfter, describeAnswer(answer)) : null
}

/**
 * Converts a refusal of the server, of any version.
 *
 * @param retryAfter milliseconds
 * @param what message if the server gives none
 */
export function refusal(
  status: number,
  json: unknown,
  retryAfter?: number,
  what = `answered ${status}`,
): BackendError {
  const { code, detail, partNumbers, requestId, retryAfter: asked } = isRecord(json) ? json : {}
  return new BackendError(
    status === 429 ? 'too-many-requests' : isCode(code) ? code : codeOfStatus(status),
    typeof detail === 'string' ? detail : `The server ${what}.`,
    {
      status,
      partNumbers: Array.isArray(partNumbers) ? partNumbers.filter((n) => typeof n === 'number') : [],
      retryAfter: retryAfter ?? (typeof asked === 'number' ? asked * 1000 : undefined),
      requestId: typeof requestId === 'string' ? requestId : undefined,
    },
  )
}

function isCode(code: unknown): code is BackendErrorCode {
  return codes.has(code)
}

/** Fallback for a code of a newer server. */
function codeOfStatus(status: number): BackendErrorCode {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 404) return 'not-found'
  if (status === 410) return 'upload-gone'
  return status < 500 ? 'invalid-request' : 'internal'
}

/** An answer that is not one of docs/api.md or of the store. */
export interface UnexpectedAnswer {
  readonly status: number
  /** `Content-Type`; `null` if there is none, or it is hidden. */
  readonly type: string | null
  readonly text: string
  /** URL that the request was redirected to. */
  readonly redirectedTo?: string | undefined
}

/** Most characters of the body in messages. */
const shown = 80

/** Describes it: `answered 404 (text/html): "404 Not Found nginx"`. */
export function describeAnswer({ status, type, text, redirectedTo }: UnexpectedAnswer): string {
  const media = type?.split(';')[0]?.trim() ?? ''
  const words = text
    .slice(0, 10_000)
    .replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
  const first = words.length > shown ? `${words.slice(0, shown)}…` : words
  return (
    `answered ${status}` +
    (media === '' ? '' : ` (${media})`) +
    (redirectedTo === undefined ? '' : ` after a redirect to ${redirectedTo}`) +
    (first === '' ? '' : `: "${first}"`)
  )
}

/** An error for an answer that did not come from the server. @param retryAfter milliseconds */
export function strangeAnswer(answer: UnexpectedAnswer, retryAfter?: number): BackendError {
  const message = `Not the upload server, but something in its place ${describeAnswer(answer)}`
  return new BackendError('unexpected-answer', message, { status: answer.status, retryAfter })
}
