import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Problem } from '../problem.js'

/** One answer of the API before it is sent. */
export interface ApiAnswer {
  readonly status: ContentfulStatusCode
  readonly body: unknown
}

/** A JSON answer with its `Content-Length`. No cache may store it: it belongs to one owner, or it expires. */
export function answerJson(
  context: Context,
  value: unknown,
  status: ContentfulStatusCode = 200,
  type = 'application/json',
): Response {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return context.body(bytes, status, {
    'content-type': type,
    'content-length': String(bytes.byteLength),
    'cache-control': 'no-store',
  })
}

/** RFC 9457. */
export function answerProblem(context: Context, problem: Problem): Response {
  if (problem.retryAfter !== undefined) context.header('retry-after', String(problem.retryAfter))
  return answerJson(context, problem, problem.status, 'application/problem+json')
}
