import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CosError } from './errors.js'
import { refuseRepeatedHeaders } from './request-headers.js'
import { createFile } from './storage/private-files.js'

/** File in the store's directory, readable only by the user who runs it. */
const tokenFile = 'admin-token'

/** Creates the admin token of this run and saves it where only the same user can read it. */
export async function issueAdminToken(directory: string): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  const path = join(directory, tokenFile)
  await rm(path, { force: true })
  const handle = await createFile(path)
  try {
    await handle.writeFile(token)
  } finally {
    await handle.close()
  }
  return token
}

export async function withdrawAdminToken(directory: string): Promise<void> {
  await rm(join(directory, tokenFile), { force: true })
}

/**
 * Admits clients on this machine that can read the store's directory. A check of the address alone would also
 * admit web pages shown by a browser on this machine, including same-origin pages whose name resolves to this
 * machine (DNS rebinding).
 *
 * @throws {@link CosError} `AccessDenied`
 */
export function checkAdminAccess(request: IncomingMessage, token: string): void {
  if (!isLocalClient(request)) {
    throw new CosError(
      'AccessDenied',
      'Admin calls are for clients on this machine, by a loopback name and not through a proxy.',
    )
  }
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new CosError(
      'AccessDenied',
      `Admin calls need "Authorization: Bearer …" with the token in ${tokenFile} of the store's directory.`,
    )
  }
}

/** Headers set by proxies: a client behind a proxy may be on another machine, although the proxy is on this one. */
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const

/**
 * Whether a client is on this machine, uses a loopback host name, and is not behind a proxy.
 *
 * @throws {@link CosError} `BadRequest` for a second `Host`, of which Node shows only the first.
 */
export function isLocalClient({ socket, headers, rawHeaders }: IncomingMessage): boolean {
  refuseRepeatedHeaders(rawHeaders)
  const isProxied = proxyHeaders.some((name) => headers[name] !== undefined)
  return isLoopback(socket.remoteAddress) && isLoopbackHost(headers.host ?? '') && !isProxied
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address ?? '')
}

function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host)
}
