import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import { parseSigned, serializeSigned } from 'hono/utils/cookie'
import { RecentMap } from '../recent-map.js'
import { randomId } from '../uploads/object-key.js'
import type { AppEnv } from './app-env.js'
import { Problem } from './problem.js'

/** Whose request it is; `null` when nobody's. */
export type Authorize = (
  request: Request,
) => { readonly owner: string } | null | Promise<{ readonly owner: string } | null>

export const ownerCookie = 'carryon_owner'
/** Carries what the cookie carries, for a browser that lost the cookie in a crash, or is not allowed any. */
export const ownerHeader = 'carryon-owner'
/** Seconds; the longest that browsers keep a cookie (RFC 6265bis, 5.5). */
const cookieLifetime = 400 * 86_400
const longestOwner = 256

/** An anonymous owner, and the key by which a browser shows it in the header. */
interface KnownOwner {
  readonly id: string
  readonly key: string
}

/**
 * Owners by the cookies that showed them. Checking a signature takes several turns on other threads, and a page asks
 * many times; a cookie that is the same to the letter was checked before. About 200 bytes each.
 */
type KnownCookies = RecentMap<string, KnownOwner>
const knownCookies = 10_000

/** Sets the request's owner. @param cookiePath under which the browser finds this server */
export function findOwner(
  authorize: Authorize | undefined,
  cookieSecret: () => Promise<string>,
  cookiePath: string,
): MiddlewareHandler<AppEnv> {
  const cookies: KnownCookies = new RecentMap(knownCookies)
  return async (context, next) => {
    const owner =
      authorize === undefined
        ? await anonymousOwner(context, await cookieSecret(), cookies, cookiePath)
        : await authorizedOwner(authorize, context.req.raw)
    context.set('owner', owner)
    await next()
  }
}

async function authorizedOwner(authorize: Authorize, request: Request): Promise<string> {
  const found = await authorize(request)
  if (found === null) throw new Problem('unauthorized', 'Sign in first.')
  if (found.owner === '' || found.owner.length > longestOwner) {
    throw new Error(`authorize must name an owner of 1 to ${longestOwner} characters`)
  }
  return found.owner
}

/**
 * By the cookie, else by the header; a browser that shows neither, or ones that are not ours, is a new owner. Whoever
 * does not show its key in the header is told it.
 */
async function anonymousOwner(
  context: Context<AppEnv>,
  secret: string,
  cookies: KnownCookies,
  path: string,
): Promise<string> {
  const shown = context.req.header(ownerHeader)
  const cookie = getCookie(context, ownerCookie)
  const before = cookie === undefined ? undefined : cookies.get(cookie)
  if (before !== undefined) {
    if (shown !== before.key) context.header(ownerHeader, before.key)
    return `anonymous:${before.id}`
  }
  const byCookie = known(await getSignedCookie(context, secret, ownerCookie))
  const id = byCookie ?? (await ownerOfKey(shown, secret)) ?? randomId()
  if (byCookie === null) {
    await setSignedCookie(context, ownerCookie, id, secret, {
      path,
      httpOnly: true,
      sameSite: 'Lax',
      secure: context.get('origin').startsWith('https:'),
      maxAge: cookieLifetime,
    })
  }
  const key = (await serializeSigned(ownerCookie, id, secret)).slice(ownerCookie.length + 1)
  if (cookie !== undefined && byCookie !== null) cookies.set(cookie, { id, key })
  if (shown !== key) context.header(ownerHeader, key)
  return `anonymous:${id}`
}

async function ownerOfKey(key: string | undefined, secret: string): Promise<string | null> {
  if (key === undefined) return null
  return known((await parseSigned(`${ownerCookie}=${key}`, secret, ownerCookie))[ownerCookie])
}

/** `false` is what a wrong signature gives. */
function known(id: string | false | undefined): string | null {
  return typeof id === 'string' ? id : null
}
