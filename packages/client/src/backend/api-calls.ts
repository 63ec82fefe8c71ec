import { isNothing } from './answer-shape.js'
import type { Guard } from './answer-shape.js'
import { ReadTimeout } from './read-timeout.js'
import { noAnswer } from './no-answer.js'
import { ownHeaders } from './own-headers.js'
import type { AskHeaders } from './own-headers.js'
import { OwnerKey } from './owner-key.js'
import type { OwnerMemory } from './owner-key.js'
import { aloneAcrossTabs, ownerMemory } from './owner-memory.js'
import { millisecondsOf, parseRefusal } from './refusal.js'
import { describeAnswer } from './unexpected-answer.js'
import type { UnexpectedAnswer } from './unexpected-answer.js'
import { BackendError } from '../core/backend-error.js'

/** Options of {@link httpBackend}. */
export interface HttpBackendOptions {
  /**
   * Whether the owner's cookie goes along: `same-origin`, or `include` when the API is on another origin (which
   * must allow it: `Access-Control-Allow-Credentials`). Default: `include` when `url` names another origin.
   */
  readonly credentials?: 'same-origin' | 'include' | 'omit'
  /**
   * Sent with every call, such as `authorization`; asked anew each time. Should it fail, uploads wait, say why, and fail
   * after a minute of it. Default: none.
   */
  readonly headers?: AskHeaders
  /**
   * Milliseconds for which a call may go without a sign of an answer, its next bytes, before it is given up. Default:
   * 30 000; `complete` gets 60 000 more.
   */
  readonly timeout?: number
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /**
   * Keeps the key of an anonymous owner, for when the cookie is lost or there are none. Default: IndexedDB; where there
   * is none, until the page is left. Never used with a server that has an `authorize`.
   */
  readonly ownerMemory?: OwnerMemory
}

/** One call of the API; its answer is of the shape that was asked for. @param more milliseconds that it may be silent beyond others */
export type ApiCall = (
  method: string,
  path: string,
  body: unknown,
  isExpected: Guard,
  signal: AbortSignal,
  more?: number,
) => Promise<unknown>

/**
 * Calls of docs/api.md, as one owner.
 *
 * @param url base of the API without trailing slash, absolute or of this page: `/api`
 */
export function apiCalls(url: string | URL, options: HttpBackendOptions): ApiCall {
  const base = String(url).replace(/\/+$/, '')
  const timeout = options.timeout ?? 30_000
  const credentials = options.credentials ?? (isElsewhere(base) ? 'include' : 'same-origin')
  const doFetch = options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args))
  const owner = new OwnerKey(options.ownerMemory ?? ownerMemory(base), aloneAcrossTabs(base))

  return async (method, path, body, isExpected, signal, more = 0) => {
    const watchdog = new ReadTimeout(timeout + more)
    const onAbort = (): void => watchdog.abort()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      signal.throwIfAborted()
      const headers = {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(await ownHeaders(options.headers, watchdog.signal)),
      }
      const send = (known: Readonly<Record<string, string>>): Promise<Response> =>
        doFetch(base + path, {
          method,
          credentials,
          cache: 'no-store',
          signal: watchdog.signal,
          headers: { ...known, ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      const response = await owner.send(send, watchdog.signal)
      return parseAnswer(response, await watchdog.textOf(response), isExpected)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof BackendError) throw error
      if (watchdog.signal.aborted) {
        const message = `The server did not answer in time (${method} ${path}).`
        throw new BackendError('network', message, { cause: error })
      }
      throw noAnswer(error, `${method} ${base}${path}`)
    } finally {
      watchdog.end()
      signal.removeEventListener('abort', onAbort)
    }
  }
}

function isElsewhere(base: string): boolean {
  if (typeof location === 'undefined') return false
  return new URL(base, location.href).origin !== location.origin
}

/** The JSON of a 2xx answer, found to be as expected. An answer that the server did not write is named as such. */
function parseAnswer(response: Response, text: string, isExpected: Guard): unknown {
  const { status, headers, redirected, url } = response
  const json = parseJson(text)
  if (response.ok && (text === '' ? isExpected === isNothing : isExpected(json))) return json
  const type = headers.get('content-type')
  const answer = { status, type, text, redirectedTo: redirected ? url : undefined }
  const retryAfter = millisecondsOf(headers.get('retry-after'))
  throw (response.ok ? null : parseRefusal(answer, json, retryAfter)) ?? strangeAnswer(answer, retryAfter)
}

export function strangeAnswer(answer: UnexpectedAnswer, retryAfter?: number): BackendError {
  const message = `Not the upload server, but something in its place ${describeAnswer(answer)}`
  return new BackendError('unexpected-answer', message, { status: answer.status, retryAfter })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
