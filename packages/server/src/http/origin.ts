import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { AppEnv } from './app-env.js'
import { ownerHeader } from './owner.js'
import { Problem } from './problem.js'

/**
 * The origin under which the caller reached this server.
 *
 * @param trustForwarded Whether `X-Forwarded-Proto` and `X-Forwarded-Host` come from a proxy of ours; anybody
 * else could write into them what they like.
 */
export function ownOrigin(request: Request, trustForwarded: boolean): string {
  const url = new URL(request.url)
  if (!trustForwarded) return url.origin
  const protocol = firstOf(request.headers.get('x-forwarded-proto')) ?? url.protocol.slice(0, -1)
  const host = firstOf(request.headers.get('x-forwarded-host')) ?? url.host
  const forwarded = `${protocol}://${host}`
  return /^https?$/u.test(protocol) && URL.canParse(forwarded) ? new URL(forwarded).origin : url.origin
}

/** A list grows to the right as a request passes proxies; the first is what the browser said. */
function firstOf(header: string | null): string | undefined {
  const first = header?.split(',', 1)[0]?.trim()
  return first === '' ? undefined : first
}

/** Answers preflights, and lets pages of these origins read the answers, signed in. Our own page needs no leave. */
export function allowOrigins(allowed: ReadonlySet<string>): MiddlewareHandler<AppEnv> {
  const foreign = cors({
    origin: (origin) => (allowed.has(origin) ? origin : null),
    allowMethods: ['GET', 'POST', 'DELETE'],
    allowHeaders: ['content-type', 'authorization', ownerHeader],
    exposeHeaders: ['retry-after', ownerHeader],
    credentials: true,
    maxAge: 7_200,
  })
  return (context, next) => {
    const origin = context.req.header('origin')
    return origin === undefined || origin === context.get('origin') ? next() : foreign(context, next)
  }
}

/**
 * Refuses what a foreign page makes a browser send. Browsers put `Origin` on every request that is not a plain
 * GET (Fetch, 3.2); a caller without one is no page.
 */
export function refuseForeignOrigins(allowed: ReadonlySet<string>): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const origin = context.req.header('origin')
    if (origin !== undefined && origin !== context.get('origin') && !allowed.has(origin)) {
      throw new Problem('forbidden-origin', 'This page may not call this server. See ALLOWED_ORIGINS.')
    }
    await next()
  }
}
