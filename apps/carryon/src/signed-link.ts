import { connectionFailure } from './connection-failure.js'
import { answerTimeout, callHeaders, detailOf, type ServerConnection } from './server-connection.js'
import { StartError } from './start-error.js'

/** A signed link, which works for everybody until it expires. */
export interface SignedLink {
  readonly url: string
  /** ISO 8601 time. */
  readonly expiresAt: string
}

/**
 * Requests a signed link to a finished upload from the server.
 * @param expiresIn lifetime in seconds
 * @throws StartError when the server returns none; its message is meant for the user
 */
export async function signedLink(
  { api, headers, owner }: ServerConnection,
  id: string,
  expiresIn: number,
): Promise<SignedLink> {
  const key = await owner.get()
  const response = await fetch(`${api}/uploads/${encodeURIComponent(id)}/link`, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(answerTimeout),
    headers: callHeaders(headers, key),
    body: JSON.stringify({ expiresIn }),
  }).catch((error: unknown) => {
    throw new StartError(`there is no link, for ${connectionFailure(error, new URL(api)).message}`, error)
  })
  const text = await response.text().catch(() => '')
  const link = response.ok ? linkIn(text) : null
  if (link !== null) return link
  throw new StartError(`there is no link: ${detailOf(text) ?? `the server answers ${response.status}`}`)
}

function linkIn(text: string): SignedLink | null {
  try {
    const answer: unknown = JSON.parse(text)
    if (typeof answer !== 'object' || answer === null) return null
    const url: unknown = Reflect.get(answer, 'url')
    const expiresAt: unknown = Reflect.get(answer, 'expiresAt')
    return typeof url === 'string' && typeof expiresAt === 'string' ? { url, expiresAt } : null
  } catch {
    return null
  }
}
