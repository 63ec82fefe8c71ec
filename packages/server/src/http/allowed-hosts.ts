import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './app-env.js'
import { localAddressOf } from './connection.js'
import { addressedOrigin, type AddressSettings } from './origin.js'
import { Problem } from './problem.js'

/** Characters of a host that are said back. */
const shownHost = 100

/**
 * Refuses requests for a host that this server is not: a page of any site can let its own name point here (DNS rebinding),
 * and is then of one origin with this server, as browsers see it. Names of the loopback, and the very address that
 * the connection came to, cannot be pointed elsewhere.
 *
 * @param allowed `app.example.com`, for any port, or `app.example.com:8443`; `null`: every host is believed
 */
export function allowHosts(
  allowed: ReadonlySet<string> | null,
  { publicOrigin, trustForwarded }: AddressSettings,
): MiddlewareHandler<AppEnv> {
  const own = publicOrigin === null ? undefined : new URL(publicOrigin).hostname
  return async (context, next) => {
    const { host, hostname } = new URL(addressedOrigin(context.req.raw, trustForwarded))
    const isOurs =
      allowed === null ||
      hostname === own ||
      allowed.has(host) ||
      allowed.has(hostname) ||
      isLoopback(hostname) ||
      isAddress(hostname, localAddressOf(context.env))
    if (!isOurs) {
      throw new Problem(
        'misdirected',
        `This server does not answer for "${hostname.slice(0, shownHost)}". If it should, whoever runs it adds that name to ALLOWED_HOSTS.`,
      )
    }
    await next()
  }
}

/** Whether a host, as a URL has it, can be nothing but this machine (RFC 6761, 6.3; RFC 1122, 3.2.1.3). */
export function isLoopback(hostname: string): boolean {
  return /^(?:.+\.)?localhost\.?$|^127(?:\.\d{1,3}){3}$|^\[::1\]$/u.test(hostname)
}

function isAddress(hostname: string, address: string | undefined): boolean {
  if (address === undefined || isIP(address) === 0) return false
  const plain = address.replace(/^::ffff:(?=\d+\.)/u, '').replace(/%.*$/u, '')
  return hostname === (plain.includes(':') ? new URL(`http://[${plain}]`).hostname : plain)
}
