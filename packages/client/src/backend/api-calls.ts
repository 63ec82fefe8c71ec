import { isOffline } from '../async/load-chunk.js'
import { unlessAborted } from '../async/unless-aborted.js'
import { BackendError } from '../core/backend-error.js'
import { messageOf } from '../core/error-fields.js'
import type { Guard } from './answer-shape.js'
import { noAnswer } from './no-answer.js'
import { OwnerKey } from './owner-key.js'
import type { OwnerMemory } from './owner-key.js'
import { aloneAcrossTabs, ownerMemory } from './owner-memory.js'
import { ReadTimeout } from './read-timeout.js'
import { millisecondsOf, parseRefusal, strangeAnswer } from './refusal.js'

/** Options of {@link httpBackend}. */
export interface HttpBackendOptions {
  /**
   * Whether to send the owner's cookie: `same-origin`, or `include` if the API is on another origin (which must allow
   * it: `Access-Control-Allow-Credentials`). Default: `include` if `url` names another origin.
   */
  readonly credentials?: 'same-origin' | 'include' | 'omit'
  /**
   * Headers of every call, such as `authorization`; called each time. If it fails, uploads wait and report why,
   * and fail after a minute. Default: none.
   */
  readonly headers?: AskHeaders
  /**
   * Milliseconds without any byte of an answer after which a call is given up. Default: 30 000; `complete` gets 60
   * 000 more.
   */
  readonly timeout?: number
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /**
   * Stores the key of an anonymous owner, in case the cookie is lost or cookies are not allowed. Default: IndexedDB,
   * or memory where it is not available. Not used with a server that has an `authorize`.
   */
  readonly ownerMemory?: OwnerMemory
}

/**
 * One call of the API; its answer is checked against the expected shape. @param more milliseconds added to the read
 * timeout
 */
export type ApiCall = <T>(
  method: string,
  path: string,
  body: unknown,
  isExpected: Guard<T>,
  signal: AbortSignal,
  more?: number,
) => Promise<T>

/**
 * Makes calls of docs/api.md as one owner.
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
    const watchdog = new ReadTimeout(timeout + more, signal)
    try {
      signal.throwIfAborted()
      const headers = {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(await ownHeaders(options.headers, watchdog.signal)),
      }
      const send = (known: Readonly<Record<string, string>>): Promise<Response> =>
        doFetch(base + path, {
          method,
          credentials,
          cache: 'no-store',
          signal: watchdog.signal,
          headers: { ...known, ...headers },
          ...(body !== undefined && { body: JSON.stringify(body) }),
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
    }
  }
}

function isElsewhere(base: string): boolean {
  if (typeof location === 'undefined') return false
  return new URL(base, location.href).origin !== location.origin
}

/** The JSON of a 2xx answer, checked. An answer from something other than the server is reported as such. */
function parseAnswer<T>(response: Response, text: string, isExpected: Guard<T>): T {
  const { status, headers, redirected, url } = response
  const json = parseJson(text)
  if (response.ok && (text !== '') === (json !== undefined) && isExpected(json)) return json
  const type = headers.get('content-type')
  const answer = { status, type, text, redirectedTo: redirected ? url : undefined }
  const retryAfter = millisecondsOf(headers.get('retry-after'))
  throw (response.ok ? null : parseRefusal(answer, json, retryAfter)) ?? strangeAnswer(answer, retryAfter)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export type AskHeaders = () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>

/**
 * The application's headers for a call. Rejects with a `BackendError`: `headers-failed` (retryable) when its function
 * fails or has not answered before `signal` is aborted; `page-error` (permanent) when a value cannot be sent.
 */
async function ownHeaders(
  ask: AskHeaders | undefined,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  let headers
  try {
    headers = (await unlessAborted(Promise.resolve(ask?.()), signal)) ?? {}
  } catch (error) {
    // The function often fetches credentials from another server, which needs the network too.
    throw new BackendError(
      isOffline() ? 'network' : 'headers-failed',
      `The page's own "headers" function failed: ${messageOf(error)}`,
      { cause: error },
    )
  }
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers([[name, value]])
    } catch (error) {
      // Leave out the value: it may be a secret.
      throw new BackendError(
        'page-error',
        `The page's own "headers" function gave "${name}" a value that HTTP cannot carry.`,
        { cause: error },
      )
    }
  }
  return headers
}
