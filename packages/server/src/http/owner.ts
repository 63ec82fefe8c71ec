import type { Context, MiddlewareHandler } from 'hono'
import { getSignedCookie, setSignedCookie } from 'hono/cookie'
import { parseSigned, serializeSigned } from 'hono/utils/cookie'
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

/**
 * By the cookie, else by the header; a browser that shows neither, or ones that are not ours, is a new owner. Whoever
 * does not show its key in the header is told it.
 */
async function anonymousOwner(context: Context<AppEnv>, secret: string): Promise<string> {
  const shown = context.req.header(ownerHeader)
  const byCookie = known(await getSignedCookie(context, secret, ownerCookie))
  const id = byCookie ?? (await ownerOfKey(shown, secret)) ?? randomId()
  if (byCookie === null) {
    await setSignedCookie(context, ownerCookie, id, secret, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: context.get('origin').startsWith('https:'),
      maxAge: cookieLifetime,
    })
  }
  const key = (await serializeSigned(ownerCookie, id, secret)).slice(ownerCookie.length + 1)
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
