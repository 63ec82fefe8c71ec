import { StoreError } from './store-error.js'

/**
 * Percent-encodes everything but `A-Z a-z 0-9 - _ . ~`, upper-case hex: what both signature schemes call
 * URL encoding (COS 436/7778; RFC 3986 section 2.3). `encodeURIComponent` leaves `! ' ( ) *` alone.
 */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => '%' + character.charCodeAt(0).toString(16).toUpperCase(),
  )
}

/**
 * The encoded path of a key, without a leading slash; `/` is kept between its segments.
 *
 * A key with a `.` or `..` segment has its slashes encoded too: URL parsers fold such segments away (WHATWG URL,
 * "double-dot path segment"), and the request would then address another key.
 *
 * @throws StoreError `InvalidRequest` for a key that no URL can carry: empty, `.`, `..`, or with a lone surrogate.
 * @example encodeKey('a b/c.bin') // 'a%20b/c.bin'
 * @example encodeKey('../c.bin') // '..%2Fc.bin'
 */
export function encodeKey(key: string): string {
  if (key === '' || key === '.' || key === '..' || loneSurrogate.test(key)) {
    throw new StoreError(`No URL can carry the key ${JSON.stringify(key)}; choose another key.`, {
      code: 'InvalidRequest',
      status: 0,
    })
  }
  const segments = key.split('/')
  const folds = segments.some((segment) => segment === '.' || segment === '..')
  return segments.map(encodeStrictly).join(folds ? '%2F' : '/')
}

const loneSurrogate = /\p{Surrogate}/u

/** `a=1&b=` with names and values encoded, in the order given. */
export function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`)
    .join('&')
}
