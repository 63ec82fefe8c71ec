import { ownerHeader } from '@carryon/protocol'
import type { Context, MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { AppEnv } from './app-env.js'
import { Problem } from '../problem.js'

/** How a server determines the address under which it was called. */
export interface AddressSettings {
  /** The origin that the operator configured; `null`: derived from each request. */
  readonly publicOrigin: string | null
  /** Whether `X-Forwarded-Proto` and `X-Forwarded-Host` come from a trusted proxy; without one, clients can forge them. */
  readonly trustForwarded: boolean
}

/** The origin at which the caller reached this server. */
export function ownOrigin(request: Request, { publicOrigin, trustForwarded }: AddressSettings): string {
  return publicOrigin ?? addressedOrigin(request, trustForwarded)
}

/** The origin for URLs in answers to the caller. */
export function linkedOrigin(request: Request, address: AddressSettings): string {
  return address.publicOrigin ?? sameOriginPage(request) ?? ownOrigin(request, address)
}

/**
 * The page's origin, if the browser itself declares it same-origin with this server: pages cannot forge `Sec-Fetch-Site`
 * (W3C Fetch Metadata). So a proxy that passes on another `Host`, or one without the port, does no harm. Browsers send
 * the header to https and loopback addresses.
 */
function sameOriginPage(request: Request): string | null {
  if (request.headers.get('sec-fetch-site') !== 'same-origin') return null
  const said = request.headers.get('origin') ?? request.headers.get('referer') ?? ''
  return /^https?:\/\//u.test(said) && URL.canParse(said) ? new URL(said).origin : null
}

/** The origin according to the request's own address. */
export function addressedOrigin(request: Request, trustForwarded: boolean): string {
  const url = new URL(request.url)
  if (!trustForwarded) return url.origin
  const protocol = firstOf(request.headers.get('x-forwarded-proto')) ?? url.protocol.slice(0, -1)
  const host = firstOf(request.headers.get('x-forwarded-host')) ?? url.host
  const forwarded = `${protocol}://${host}`
  return /^https?$/u.test(protocol) && URL.canParse(forwarded) ? new URL(forwarded).origin : url.origin
}

/** Each proxy appends to the list, so the first entry is what the browser sent. */
function firstOf(header: string | null): string | undefined {
  const first = header?.split(',', 1)[0]?.trim()
  return first === '' ? undefined : first
}

/**
 * Answers preflights, and lets pages of these origins read answers with credentials. The server's own page needs no
 * permission.
 */
export function allowOrigins(
  allowed: ReadonlySet<string>,
  address: AddressSettings,
): MiddlewareHandler<AppEnv> {
  const foreign = cors({
    origin: (origin) => (allowed.has(origin) ? origin : null),
    allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: ['content-type', 'authorization', ownerHeader],
    exposeHeaders: ['retry-after', ownerHeader],
    credentials: true,
    maxAge: 7_200,
  })
  return (context, next) => {
    return context.req.header('origin') === undefined || isOwn(context, address)
      ? next()
      : foreign(context, next)
  }
}

/**
 * Refuses requests from foreign pages. Browsers set `Origin` on every request that is not a plain GET (Fetch, 3.2); a
 * caller without one is not a page.
 */
export function refuseForeignOrigins(
  allowed: ReadonlySet<string>,
  address: AddressSettings,
): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const origin = context.req.header('origin')
    if (origin !== undefined && !isOwn(context, address) && !allowed.has(origin)) {
      throw foreignOrigin(origin, context.get('origin'))
    }
    await next()
  }
}

/** Whether the page is this server's own, by its public address or by the one that the request names. */
function isOwn(context: Context<AppEnv>, { trustForwarded }: AddressSettings): boolean {
  const origin = context.req.header('origin')
  const { raw } = context.req
  return (
    origin === context.get('origin') ||
    origin === addressedOrigin(raw, trustForwarded) ||
    raw.headers.get('sec-fetch-site') === 'same-origin'
  )
}

function foreignOrigin(received: string, expected: string): Problem {
  return new Problem(
    'forbidden-origin',
    `A page at ${received} called this server. The server takes ${expected} for its own address, and does not allow pages of that origin. ` +
      `If that page is this server's own, seen through a proxy, set PUBLIC_BASE_URL to the address that people open. ` +
      `If it belongs to another application, add ${received} to ALLOWED_ORIGINS.`,
    { received, expected },
  )
}
