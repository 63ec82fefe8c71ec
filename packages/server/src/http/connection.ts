import { isIP } from 'node:net'
import type { Context } from 'hono'
import type { AppEnv } from './app-env.js'

/** The connection's socket if the runtime passes it: `@hono/node-server` does, as `env.incoming.socket`. */
function socketOf(env: unknown): Readonly<Record<string, unknown>> {
  return recordAt(recordAt(asRecord(env), 'incoming'), 'socket')
}

function recordAt(
  record: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  return asRecord(record[name])
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The address of this machine that the connection came to. */
export function localAddressOf(env: unknown): string | undefined {
  return textOf(socketOf(env)['localAddress'])
}

/**
 * The remote address of a request, if it can be trusted; `undefined` if the runtime does not provide it.
 *
 * A trusted proxy appends the address that it sees to `X-Forwarded-For`: only the last entry comes from the proxy itself.
 */
export function remoteAddressOf(context: Context<AppEnv>, trustForwarded: boolean): string | undefined {
  const forwarded = trustForwarded
    ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
    : undefined
  if (forwarded !== undefined && isIP(forwarded) !== 0) return forwarded
  return textOf(socketOf(context.env)['remoteAddress'])
}

/** The network that counts as one visitor: an IPv4 address, or an IPv6 /64 (RFC 6177). */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/iu, '').replace(/%.*$/u, '')
  if (isIP(plain) !== 6) return plain
  // The URL parser produces the canonical form of the address, in which "::" stands for omitted zeros.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  return `${[...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4).join(':')}::/64`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
