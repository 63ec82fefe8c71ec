import type { IncomingMessage } from 'node:http'
import { isVirtualHost } from './address.js'

/** Begins with an underscore, which no bucket's name may. */
export const localPath = '/_local'

/**
 * Whether a request is for the store itself: not for an object of that name in a bucket, whose host names the bucket.
 */
export function isLocalCall({ url = '/', headers }: IncomingMessage): boolean {
  const path = url.replace(/\?.*$/s, '')
  if (path !== localPath && !path.startsWith(`${localPath}/`)) return false
  return !isVirtualHost(headers.host ?? '')
}
