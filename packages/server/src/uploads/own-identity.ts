import { createHash } from 'node:crypto'
import type { OpenRequest } from './open-upload.js'

/**
 * Under what an upload is recorded when another file's open upload has the identity already: the identity, `~`, and 16
 * hex digits of a SHA-256 over what tells the file apart. That is its MD5, or where the client sent none its name. So
 * two files of equal samples have an open upload each, and each file finds its own again, on whatever machine.
 */
export function ownIdentity({ identity, size, md5, name }: OpenRequest): string {
  const apart = JSON.stringify(md5 === undefined ? [size, name] : [size, md5, ''])
  const digest = createHash('sha256').update(apart).digest('hex').slice(0, 16)
  return `${identity.replace(/~.*$/u, '')}~${digest}`
}
