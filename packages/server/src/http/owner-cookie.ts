import type { Context } from 'hono'
import { setSignedCookie } from 'hono/cookie'
import { parseSigned, serialize, serializeSigned } from 'hono/utils/cookie'
import type { AppEnv } from './app-env.js'
import { cookieValues } from './cookie-values.js'

/** Name of owner cookies from before they were bound to one server. */
const plainName = 'carryon_owner'
/** Seconds; the longest lifetime that browsers allow (RFC 6265bis, 5.5). */
const cookieLifetime = 400 * 86_400
/** Cookies of deeper paths do not come from this server. */
const mostRemoved = 16

/**
 * The name of the owner's cookie at this server.
 *
 * With TLS, the prefix `__Host-` prevents all other hosts from setting it (RFC 6265bis, 4.1.3.2). Without TLS there is no such
 * prefix, and cookies are shared between ports: the name includes host and port, so that two servers on one host do not
 * read each other's owners.
 *
 * @param origin of this server as the caller sees it
 */
export function ownerCookieName(origin: string): string {
  const { protocol, host } = new URL(origin)
  return protocol === 'https:' ? `__Host-${plainName}` : `${plainName}_${host.replace(/[^\w.-]/gu, '_')}`
}

/**
 * The value of the owner's cookie; `undefined` if there is none, or several. A second one was set by somebody else, such
 * as a page on another port of this host, and there is no telling which one is ours.
 */
export function shownCookie(context: Context<AppEnv>): string | undefined {
  const origin = context.get('origin')
  const header = context.req.header('cookie')
  const values = cookieValues(header, ownerCookieName(origin))
  if (values.length > 1) removeOthers(context)
  // A page opened under the plain name keeps working. With TLS, others could set that name, so it is ignored there.
  const shown = values.length === 0 && origin.startsWith('http:') ? cookieValues(header, plainName) : values
  return shown.length === 1 ? shown[0] : undefined
}

/**
 * Makes the browser delete cookies of the owner's name that were set for deeper paths; ours covers the whole server.
 * Otherwise links would be treated as unauthenticated until those cookies expire.
 */
function removeOthers(context: Context<AppEnv>): void {
  const origin = context.get('origin')
  const steps = new URL(context.req.url).pathname.split('/').slice(1)
  const folders = steps.map((_, index) => `/${steps.slice(0, index + 1).join('/')}`)
  const paths = folders.flatMap((folder) => [folder, `${folder}/`]).slice(0, mostRemoved)
  for (const path of paths) {
    const removal = serialize(ownerCookieName(origin), '', {
      path,
      maxAge: 0,
      secure: origin.startsWith('https:'),
    })
    context.header('set-cookie', removal, { append: true })
  }
}

export async function giveCookie(context: Context<AppEnv>, id: string, secret: string): Promise<void> {
  const origin = context.get('origin')
  await setSignedCookie(context, ownerCookieName(origin), id, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: origin.startsWith('https:'),
    maxAge: cookieLifetime,
  })
}

/** An owner's id with its signature: the value of the cookie and of the header. */
export async function keyOfOwner(id: string, secret: string): Promise<string> {
  return (await serializeSigned(plainName, id, secret)).slice(plainName.length + 1)
}

/** `null` for a key that this server did not sign. */
export async function ownerOfKey(key: string | undefined, secret: string): Promise<string | null> {
  if (key === undefined || key.includes(';')) return null
  const id = (await parseSigned(`${plainName}=${key}`, secret, plainName))[plainName]
  // A wrong signature gives `false`.
  return typeof id === 'string' ? id : null
}
