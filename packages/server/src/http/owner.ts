import type { Context, MiddlewareHandler } from 'hono'
import { getSignedCookie, setSignedCookie } from 'hono/cookie'
import { randomId } from '../uploads/object-key.js'
import type { AppEnv } from './app-env.js'
import { Problem } from './problem.js'

/** Whose request it is; `null` when nobody's. */
export type Authorize = (
  request: Request,
) => { readonly owner: string } | null | Promise<{ readonly owner: string } | null>

export const ownerCookie = 'carryon_owner'
/** Seconds; the longest that browsers keep a cookie (RFC 6265bis, 5.5). */
const cookieLifetime = 400 * 86_400
const longestOwner = 256

/** Sets the request's owner. */
export function findOwner(
  authorize: Authorize | undefined,
  cookieSecret: () => Promise<string>,
): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const owner =
      authorize === undefined
        ? await anonymousOwner(context, await cookieSecret())
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

/** A browser without a cookie, or with one that is not ours, is a new owner. */
async function anonymousOwner(context: Context<AppEnv>, secret: string): Promise<string> {
  const known = await getSignedCookie(context, secret, ownerCookie)
  if (typeof known === 'string') return `anonymous:${known}`
  const fresh = randomId()
  await setSignedCookie(context, ownerCookie, fresh, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: context.get('origin').startsWith('https:'),
    maxAge: cookieLifetime,
  })
  return `anonymous:${fresh}`
}
