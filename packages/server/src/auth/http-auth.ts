import {
  addressOf,
  type ApplicationAnswer,
  applicationUrlProblems,
  askApplication,
} from '../ask-application.js'
import { toBase64 } from '../base64.js'
import type { Authorize, AuthorizedOwner } from '../http/authorize.js'
import type { Refusal } from '../hooks/refusal.js'
import { LruCache } from '../lru-cache.js'
import { parsedJson } from '../parsed-json.js'

/** Options of {@link httpAuth}. */
export interface HttpAuthOptions {
  /** URL of the application to ask: `https://app.example.com/internal/whoami`. */
  readonly url: string
  /** Seconds for which an owner is cached, 0 to 300. @default 10 */
  readonly cacheSeconds?: number
  /** Milliseconds that the application may take. @default 5_000 */
  readonly timeout?: number
  /** Returns the current time. @default the system clock */
  readonly now?: () => Date
}

/** Callers whose answers are cached. */
const cachedCallers = 2_000
/** Bytes. The context may take up to 4 096 of them. */
const largestAnswer = 16_384
const longestCache = 300

type Found = AuthorizedOwner | Refusal | null

/**
 * Asks the application who makes the request, by a GET with the caller's `Cookie` and `Authorization`. It answers
 *
 * - 200 and JSON as {@link Authorize} returns: `{ "owner": "user-42" }`, with optional `context`, `limits` and `share`, or
 *   `{ "refuse": "a sentence", "status": 403 }`;
 * - 401 or 403, with the sentence for the person as `refuse`, `detail` or `message` of JSON, or as plain text.
 *
 * After any other answer, including a redirect, the caller is answered 503 and the reason is logged.
 *
 * Owners are cached under a digest of both headers, so that no other caller gets them; refusals are not cached. A caller
 * without both headers is not signed in, and the application is not asked.
 *
 * @throws TypeError that names every invalid option.
 */
export function httpAuth(options: HttpAuthOptions): Authorize {
  const { url, cacheSeconds = 10, timeout = 5_000, now = () => new Date() } = options
  const problems = [
    ...applicationUrlProblems(url).map((problem) => `url ${problem}`),
    ...(cacheSeconds >= 0 && cacheSeconds <= longestCache
      ? []
      : [`cacheSeconds must be 0 to ${longestCache}`]),
    ...(timeout > 0 && timeout <= 30_000 ? [] : ['timeout must be greater than 0 and at most 30000']),
  ]
  if (problems.length > 0) throw new TypeError(`httpAuth: ${problems.join('; ')}`)
  const cache = new LruCache<string, { readonly found: Found; readonly until: number }>(cachedCallers)
  const asking = new Map<string, Promise<Found>>()

  const ask = async (key: string, headers: Readonly<Record<string, string>>): Promise<Found> => {
    const asked = now().getTime()
    const answer = await askApplication({ url, method: 'GET', headers, timeout, largestAnswer }).catch(
      unavailable,
    )
    const found = readAnswer(answer, addressOf(url))
    if (found !== null && 'owner' in found && cacheSeconds > 0) {
      cache.set(key, { found, until: asked + cacheSeconds * 1_000 })
    }
    return found
  }

  return async (request) => {
    const cookie = request.headers.get('cookie')
    const authorization = request.headers.get('authorization')
    if (cookie === null && authorization === null) return null
    const key = await digestOf([cookie, authorization])
    const cached = cache.get(key)
    if (cached !== undefined && now().getTime() < cached.until) return cached.found
    cache.delete(key)
    // A page sends several requests at once: they share one question.
    const running =
      asking.get(key) ??
      ask(key, {
        accept: 'application/json',
        ...(cookie !== null && { cookie }),
        ...(authorization !== null && { authorization }),
      }).finally(() => asking.delete(key))
    asking.set(key, running)
    return running
  }
}

/** JSON separates the two values unambiguously; the digest keeps credentials out of memory. */
async function digestOf(credentials: readonly (string | null)[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(credentials))
  return toBase64(await crypto.subtle.digest('SHA-256', bytes))
}

/** The application gave no usable answer. Because of its `status`, the caller is answered 503. */
class CannotTell extends Error {
  override readonly name = 'CannotTell'
  readonly status = 503
}

function unavailable(error: unknown): never {
  throw new CannotTell(error instanceof Error ? error.message : 'no answer came', { cause: error })
}

function readAnswer(answer: ApplicationAnswer, address: string): Found {
  const { status } = answer
  if (status === 401 || status === 403) return refusedWith(answer, status)
  if (status !== 200) {
    const hint =
      status >= 300 && status < 400 ? ', a redirect; answer 401 if the caller is not signed in' : ''
    throw new CannotTell(`${address} answered ${status}${hint}`)
  }
  const found = parsedJson(answer.text)
  if (typeof found !== 'object' || found === null || !('owner' in found || 'refuse' in found)) {
    throw new CannotTell(`${address} answered 200, but not with JSON that has "owner" or "refuse"`)
  }
  // The caller of `httpAuth`'s function validates each member.
  return found as AuthorizedOwner | Refusal
}

function refusedWith({ type, text }: ApplicationAnswer, status: 401 | 403): Found {
  const sentence = type === 'text/plain' ? text : sentenceIn(parsedJson(text))
  if (sentence !== undefined && sentence.trim() !== '') return { refuse: sentence.trim(), status }
  return status === 401 ? null : { refuse: 'You may not use this here.', status }
}

/** Finds the sentence in the application's own JSON, or in problem details (RFC 9457). */
function sentenceIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  for (const name of ['refuse', 'detail', 'message']) {
    const value: unknown = Reflect.get(body, name)
    if (typeof value === 'string') return value
  }
  return undefined
}
