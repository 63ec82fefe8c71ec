import { createHash } from 'node:crypto'
import type { OpenRequest } from './open-upload.js'

/**
 * The fingerprint that an upload is recorded with when another file's open upload has the plain one: the fingerprint,
 * `~`, and 16 hex digits of a SHA-256 over the file's MD5, or over its name if the client sent no MD5. So two files with
 * equal samples have separate open uploads, and each file finds its own again on any machine.
 */
export function separateFingerprint({ identity, size, md5, name }: OpenRequest): string {
  const distinction = JSON.stringify(md5 === undefined ? [size, name] : [size, md5, ''])
  const digest = createHash('sha256').update(distinction).digest('hex').slice(0, 16)
  return `${identity.replace(/~.*$/u, '')}~${digest}`
}
