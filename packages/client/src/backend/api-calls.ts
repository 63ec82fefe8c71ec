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
export type ApiCall = <T>(
  method: string,
  path: string,
  body: unknown,
  isExpected: Guard<T>,
  signal: AbortSignal,
  more?: number,
) => Promise<T>

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

/** The JSON of a 2xx answer, found to be as expected. An answer that the server did not write is named as such. */
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
 * The headers that the application gives each call. Rejects with a `BackendError`: `headers-failed` when its function
 * does, or has not answered when `signal` is aborted, which may pass; `page-error` when a value cannot be sent, which
 * does not.
 */
async function ownHeaders(
  ask: AskHeaders | undefined,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  let headers
  try {
    headers = (await unlessAborted(Promise.resolve(ask?.()), signal)) ?? {}
  } catch (error) {
    // Fresh credentials often come from a server of their own, and that needs the network as well.
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
      // The value may be a secret.
      throw new BackendError(
        'page-error',
        `The page's own "headers" function gave "${name}" a value that HTTP cannot carry.`,
        { cause: error },
      )
    }
  }
  return headers
}
