import { randomBytes } from 'node:crypto'
import { byteLength, keyName } from '../object-headers/file-name.js'

/** Bytes in UTF-8: the longest key that COS takes (436/14518); S3 takes 1 024. */
const longestKey = 850
/** 128 bits, so that no key can be guessed from another. */
const idBytes = 16

/**
 * A new key that no other upload has: `prefix` + `YYYY/MM/DD/` + random id + `/` + the cleaned file name. Tencent
 * advises a random and dated key made by the server (436/40265).
 *
 * @param prefix Ends with `/` or is empty; at most 512 bytes.
 */
export function newObjectKey(prefix: string, name: string, now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '/')
  const folder = `${prefix}${day}/${randomId()}/`
  return folder + keyName(name, longestKey - byteLength(folder))
}

/** 128 random bits as 22 URL-safe characters. */
export function randomId(): string {
  return randomBytes(idBytes).toString('base64url')
}

/** A key in a URL: every segment percent-encoded, the slashes kept. */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/')
}
