import { ownerHeader } from '@carryon/protocol'
import type { Context, MiddlewareHandler } from 'hono'
import { LruCache } from '../lru-cache.js'
import { randomId } from '../uploads/object-key.js'
import type { AppEnv } from './app-env.js'
import { type Authorize, authorizedOwner } from './authorize.js'
import { isNavigation } from './navigation.js'
import { giveCookie, keyOfOwner, ownerOfKey, shownCookie } from './owner-cookie.js'

/**
 * Verified owner keys and their owners. Verifying a signature needs several asynchronous crypto operations, and a page
 * sends many requests; an identical key was verified before. About 200 bytes each.
 */
type KnownKeys = LruCache<string, string>
const knownKeys = 10_000

export interface OwnerFinding {
  /** `undefined`: owners are anonymous. */
  readonly authorize: Authorize | undefined
  readonly cookieSecret: () => Promise<string>
  /** Logs an error of `authorize` that is not returned to the caller. */
  readonly report: (what: string, error: unknown) => void
}

/** Sets the request's owner. */
export function findOwner({ authorize, cookieSecret, report }: OwnerFinding): MiddlewareHandler<AppEnv> {
  const keys: KnownKeys = new LruCache(knownKeys)
  return async (context, next) => {
    if (authorize === undefined) {
      context.set('owner', await anonymousOwner(context, await cookieSecret(), keys))
      context.set('authorized', { context: null, limits: {}, share: true })
    } else {
      const found = await authorizedOwner(authorize, context.req.raw, report)
      if (!('owner' in found)) return found
      context.set('owner', found.owner)
      context.set('authorized', found)
    }
    return next()
  }
}

/**
 * Finds the owner by the key in the header, else by the cookie. The header takes precedence: only a page of this very origin
 * can have the key, while others on this host can set a cookie. A browser that presents neither, or invalid ones, becomes a
 * new owner. The answer returns the key to a caller that did not send it in the header, and sets a differing cookie.
 *
 * A navigation uses the cookie and changes nothing; without a cookie it has no owner and finds no uploads.
 */
async function anonymousOwner(context: Context<AppEnv>, secret: string, keys: KnownKeys): Promise<string> {
  const idOf = async (key: string | undefined): Promise<string | null> => {
    const known = key === undefined ? undefined : keys.get(key)
    if (key === undefined || known !== undefined) return known ?? null
    const id = await ownerOfKey(key, secret)
    if (id !== null) keys.set(key, id)
    return id
  }
  const byCookie = await idOf(shownCookie(context))
  const shown = context.req.header(ownerHeader)
  const byHeader = await idOf(shown)
  const id = byHeader ?? byCookie ?? randomId()
  if (!isNavigation(context.req.raw)) {
    if (byCookie !== id) await giveCookie(context, id, secret)
    if (byHeader === null) context.header(ownerHeader, await keyOfOwner(id, secret))
  }
  return `anonymous:${id}`
}
