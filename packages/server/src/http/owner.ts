import { ownerHeader } from '@carryon/protocol'
import type { Context, MiddlewareHandler } from 'hono'
import { LruCache } from '../lru-cache.js'
import { randomId } from '../uploads/object-key.js'
import type { AppEnv } from './app-env.js'
import { type Authorize, authorizedOwner } from './authorize.js'
import { isNavigation } from './navigation.js'
import { giveCookie, keyOfOwner, ownerOfKey, shownCookie } from './owner-cookie.js'

/**
 * Owners by the keys that showed them. Checking a signature takes several turns on other threads, and a page asks many
 * times; a key that is the same to the letter was checked before. About 200 bytes each.
 */
type KnownKeys = LruCache<string, string>
const knownKeys = 10_000

export interface OwnerFinding {
  /** `undefined`: anonymous owners. */
  readonly authorize: Authorize | undefined
  readonly cookieSecret: () => Promise<string>
  /** An error of `authorize` that is not answered to the caller. */
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
 * By the key in the header, else by the cookie. The header counts more: only a page of this very origin can have the key,
 * while a cookie can be set by others on this host. A browser that shows neither, or ones that are not ours, is a new
 * owner. Whoever does not show its key in the header is told it, and whose cookie is not its own gets that.
 *
 * A navigation shows what the cookie shows, and changes nothing: without one it is nobody's, and finds nothing.
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
