import type { IncomingMessage } from 'node:http'
import { isVirtualHost } from './address.js'

/** Starts with an underscore, which no bucket name may. */
export const localPath = '/_local'

/** Whether a request addresses the store itself. With a virtual host, the path is an object's key instead. */
export function isLocalCall({ url = '/', headers }: IncomingMessage): boolean {
  const path = url.replace(/\?.*$/s, '')
  if (path !== localPath && !path.startsWith(`${localPath}/`)) return false
  return !isVirtualHost(headers.host ?? '')
}
