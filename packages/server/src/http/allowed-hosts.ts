import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './app-env.js'
import { localAddressOf } from './connection.js'
import { isLoopback } from './host-name.js'
import { addressedOrigin, type AddressSettings } from './origin.js'
import { Problem } from '../problem.js'

/** Characters of a host that an error message repeats. */
const shownHost = 100

/**
 * Checks whether requests are for a host of this server. Any site can point its own name at this server (DNS rebinding), and
 * browsers then treat its pages as same-origin with this server. Loopback names, and the very address that the connection
 * came to, cannot be rebound.
 *
 * @param allowed `app.example.com`, for any port, or `app.example.com:8443`; `null`: every host is accepted
 * @returns whether a request, given the runtime's second argument of `fetch`, is for this server; false for an invalid Host
 */
export function hostCheck(
  allowed: ReadonlySet<string> | null,
  { publicOrigin, trustForwarded }: AddressSettings,
): (request: Request, env: unknown) => boolean {
  if (allowed === null) return ({ url }) => URL.canParse(url)
  const own = publicOrigin === null ? undefined : new URL(publicOrigin).hostname
  return (request, env) => {
    if (!URL.canParse(request.url)) return false
    const { host, hostname } = new URL(addressedOrigin(request, trustForwarded))
    return (
      hostname === own ||
      allowed.has(host) ||
      allowed.has(hostname) ||
      isLoopback(hostname) ||
      isAddress(hostname, localAddressOf(env))
    )
  }
}

/**
 * Refuses requests for other hosts, except for `/healthz`: load balancers ask for it by any address, and its answer is of
 * no use to a foreign page.
 */
export function allowHosts(
  isOurs: ReturnType<typeof hostCheck>,
  { trustForwarded }: AddressSettings,
): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    if (context.req.path !== '/healthz' && !isOurs(context.req.raw, context.env)) {
      const { hostname } = new URL(addressedOrigin(context.req.raw, trustForwarded))
      throw new Problem(
        'misdirected',
        `This server does not answer for "${hostname.slice(0, shownHost)}". Behind a proxy, let the proxy forward the Host header that the browser sent (nginx: proxy_set_header Host $host). If people reach the server by that name, add it to ALLOWED_HOSTS.`,
      )
    }
    await next()
  }
}

function isAddress(hostname: string, address: string | undefined): boolean {
  if (address === undefined || isIP(address) === 0) return false
  const plain = address.replace(/^::ffff:(?=\d+\.)/u, '').replace(/%.*$/u, '')
  return hostname === (plain.includes(':') ? new URL(`http://[${plain}]`).hostname : plain)
}
