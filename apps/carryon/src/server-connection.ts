import { setTimeout as sleep } from 'node:timers/promises'
import { ownerHeader } from '@carryon/client/node'
import type { FileOwner } from '@carryon/client/node'
import { connectionFailure } from './connection-failure.js'
import { durationWords } from './duration.js'
import { StartError } from './start-error.js'

/** How this user connects to a server. */
export interface ServerConnection {
  /** Base address of the API, without a trailing slash. */
  readonly api: string
  readonly headers: Readonly<Record<string, string>>
  /** Stores the key of an anonymous user. */
  readonly owner: FileOwner
}

export interface WaitOptions {
  /** Seconds without a response after which to give up. */
  readonly timeout: number
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** Milliseconds to wait for one response. */
export const answerTimeout = 30_000
/** Longest pause between two attempts, in milliseconds; the first pauses are shorter. */
const longestPause = 10_000

/**
 * Resolves once the server has responded and this user has a key, so that processes started at the same time share one
 * key.
 *
 * @throws StartError when waiting cannot help, or after the timeout
 */
export async function reachServer(connection: ServerConnection, waitOptions: WaitOptions): Promise<void> {
  const until = Date.now() + waitOptions.timeout * 1_000
  let said = ''
  for (let tries = 1; ; tries++) {
    const problem = await probeServer(connection, waitOptions)
    if (problem === null) return
    const left = until - Date.now()
    if (left <= 0) {
      throw new StartError(
        `No answer for ${durationWords(waitOptions.timeout)}: ${problem}. Nothing is lost; call the command again later.`,
      )
    }
    const message = `waiting: ${problem}`
    if (message !== said) waitOptions.say(message)
    said = message
    const pause = Math.min(longestPause, 250 * 2 ** Math.min(tries, 8), left)
    await sleep(pause, undefined, { signal: waitOptions.signal })
  }
}

/** Returns `null` if the server responded, otherwise why it did not. @throws StartError when waiting cannot help */
async function probeServer(
  { api, headers, owner }: ServerConnection,
  { signal: stop, say }: WaitOptions,
): Promise<string | null> {
  const url = new URL(`${api}/uploads/batch`)
  const key = await owner.get()
  let response: Response
  try {
    // An empty batch changes nothing, and its response carries the owner's key.
    response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(answerTimeout)]),
      headers: callHeaders(headers, key),
      body: '{}',
    })
  } catch (error) {
    stop.throwIfAborted()
    const { message, recovery } = connectionFailure(error, url)
    if (recovery === 'in-time') return message
    throw new StartError(`The server cannot be reached: ${message}.`, error)
  }
  const text = await response.text().catch(() => '')
  if (response.status >= 500 || response.status === 429) return `${url.host} answers ${response.status}`
  if (!response.ok) throw refusal(response, text, url)
  if (!/json/u.test(response.headers.get('content-type') ?? '')) throw noServer(url, response)
  const told = response.headers.get(ownerHeader)
  if (told === null || told === key) return null
  if (key === null) {
    await owner.claim(told)
    return null
  }
  const kept = await owner.replace(told)
  if (kept !== null) {
    say(
      `${url.host} does not know this user's earlier key, so it is a new user to it. What was uploaded by the earlier one is there with the earlier key alone, which is kept: ${kept}`,
    )
  }
  return null
}

/** Headers of a call with a JSON body. @param key key of an anonymous owner */
export function callHeaders(
  headers: Readonly<Record<string, string>>,
  key: string | null,
): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    'content-type': 'application/json',
    ...(key === null ? {} : { [ownerHeader]: key }),
    ...headers,
  }
}

function refusal(response: Response, text: string, url: URL): StartError {
  const { status } = response
  const moved = response.headers.get('location')
  if (status >= 300 && status < 400 && moved !== null && URL.canParse(moved, url)) {
    const there = new URL(moved, url).href.replace(/api\/uploads\/batch\/?$/u, '')
    return new StartError(`The server has moved. Call it by --server ${there}`)
  }
  if (status === 401) {
    return new StartError(
      `The server wants its users to sign in (401). Give what it asks for, such as --header "Authorization: Bearer …".`,
    )
  }
  const detail = detailOf(text)
  if (detail !== null) return new StartError(`The server refuses (${status}): ${detail}`)
  if (status === 400 && /HTTPS port/u.test(text)) {
    return new StartError(`${url.host} speaks https. Write https:// instead of http://.`)
  }
  return noServer(url, response)
}

function noServer(url: URL, response: Response): StartError {
  const type = response.headers.get('content-type') ?? 'no media type'
  return new StartError(
    `No Carryon server answers at ${url.href.replace(/api\/uploads\/batch$/u, '')} (${response.status}, ${type}). --server is the address of its page, with its path.`,
  )
}

/** The detail of a problem document (RFC 9457); `null` if the text is not one. */
export function detailOf(text: string): string | null {
  try {
    const problem: unknown = JSON.parse(text)
    const detail: unknown =
      typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'detail') : null
    return typeof detail === 'string' ? detail : null
  } catch {
    return null
  }
}
