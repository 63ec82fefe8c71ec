import type { Context } from 'hono'
import { setSignedCookie } from 'hono/cookie'
import { parseSigned, serialize, serializeSigned } from 'hono/utils/cookie'
import type { AppEnv } from './app-env.js'
import { cookieValues } from './cookie-values.js'

/** As all cookies of owners were called before they were bound to one server. */
const plainName = 'carryon_owner'
/** Seconds; the longest that browsers keep a cookie (RFC 6265bis, 5.5). */
const cookieLifetime = 400 * 86_400
/** A cookie of a deeper path is not of this server. */
const mostRemoved = 16

/**
 * The name of the owner's cookie at this server.
 *
 * With TLS the prefix `__Host-` keeps every other host from setting it (RFC 6265bis, 4.1.3.2). Without TLS there is no
 * such prefix, and cookies know no ports: the name holds host and port, so that two servers on one host do not take each
 * other's owner.
 *
 * @param origin of this server as the caller sees it
 */
export function ownerCookieName(origin: string): string {
  const { protocol, host } = new URL(origin)
  return protocol === 'https:' ? `__Host-${plainName}` : `${plainName}_${host.replace(/[^\w.-]/gu, '_')}`
}

/**
 * The value of the owner's cookie; `undefined` without one, and with several. The second one was set by somebody else, such
 * as a page on another port of this host, and which of them is ours cannot be told.
 */
export function shownCookie(context: Context<AppEnv>): string | undefined {
  const origin = context.get('origin')
  const header = context.req.header('cookie')
  const values = cookieValues(header, ownerCookieName(origin))
  if (values.length > 1) removeOthers(context)
  // A page that was opened under the plain name keeps working. With TLS others could set that name, so it is ignored there.
  const shown = values.length === 0 && origin.startsWith('http:') ? cookieValues(header, plainName) : values
  return shown.length === 1 ? shown[0] : undefined
}

/**
 * Has the browser forget cookies of the owner's name that were set for a part of this server: ours is for all of it. Else
 * each link would be answered as if nobody's until they are over.
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

/** An owner's id with its signature: what the cookie holds and the header carries. */
export async function keyOfOwner(id: string, secret: string): Promise<string> {
  return (await serializeSigned(plainName, id, secret)).slice(plainName.length + 1)
}

/** `null` for a key that this server did not sign. */
export async function ownerOfKey(key: string | undefined, secret: string): Promise<string | null> {
  if (key === undefined || key.includes(';')) return null
  const id = (await parseSigned(`${plainName}=${key}`, secret, plainName))[plainName]
  // `false` is what a wrong signature gives.
  return typeof id === 'string' ? id : null
}
