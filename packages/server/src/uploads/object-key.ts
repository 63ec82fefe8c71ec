import { randomBytes } from 'node:crypto'
import { byteLength, keyName } from '../object-headers/file-name.js'

/** Bytes in UTF-8: the longest key that COS takes (436/14518); S3 takes 1 024. */
const longestKey = 850
/** Bytes kept free for a file's name: enough for the longest extension, and some more. */
const leastName = 40
/** 128 bits, so that no key can be guessed from another. */
const idBytes = 16

/**
 * A new key that no other upload has: `prefix` + `YYYY/MM/DD/` + random id + `/` + the cleaned file name. Tencent
 * recommends random, dated keys made by the server (436/40265).
 *
 * @param prefix Ends with `/` or is empty; at most 512 bytes.
 */
export function newObjectKey(prefix: string, name: string, now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '/')
  const folder = `${prefix}${day}/${randomId()}/`
  return folder + keyName(name, longestKey - byteLength(folder))
}

/** Letters, marks and digits of every script, and punctuation without a special meaning in URLs or store policies. */
const chosenCharacters = /^[\p{L}\p{M}\p{N}._()=@~,/-]*$/u

/**
 * The key that an application chose, with a random segment before its last one unless it is exact. A key that ends with `/`
 * gets the file's name appended.
 *
 * A wildcard in a key would give the page that may write this key access to others, and `..` would leave the prefix in any
 * tool that treats a key as a path.
 *
 * @throws TypeError that describes what is wrong with the key.
 */
export function chosenObjectKey(prefix: string, chosen: string, name: string, exact: boolean): string {
  if (!chosen.startsWith(prefix)) throw new TypeError('"key" must begin with the key prefix')
  if (!chosenCharacters.test(chosen.slice(prefix.length))) {
    throw new TypeError(
      '"key" may contain only letters, digits, "/" and . _ - ( ) = @ ~ , after the key prefix',
    )
  }
  const isFolder = chosen.endsWith('/')
  const segments = chosen.slice(prefix.length).split('/')
  const last = segments.pop() ?? ''
  if ([...segments, ...(isFolder ? [] : [last])].some((one) => one === '' || one === '.' || one === '..')) {
    throw new TypeError('"key" must have no segment that is empty, "." or ".."')
  }
  if (chosen.startsWith('/')) throw new TypeError('"key" must not begin with "/"')
  if (exact && isFolder) throw new TypeError('"key" must not end with "/" if "exactKey" is true')
  const folder = chosen.slice(0, chosen.length - last.length) + (exact ? '' : `${randomId()}/`)
  const budget = longestKey - byteLength(folder)
  if (isFolder ? budget < leastName : byteLength(last) > budget) {
    throw new TypeError(`"key" must have at most ${longestKey} bytes`)
  }
  return folder + (isFolder ? keyName(name, budget) : last)
}

/** 128 random bits as 22 URL-safe characters. */
export function randomId(): string {
  return randomBytes(idBytes).toString('base64url')
}

/** Encodes a key for a URL: every segment percent-encoded, the slashes kept. */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/')
}
