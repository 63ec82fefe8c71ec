import { createHash, createHmac } from 'node:crypto'

/**
 * The COS request signature, `q-sign-algorithm=sha1`.
 * Source: https://cloud.tencent.com/document/product/436/7778
 */
export interface SignedContent {
  readonly method: string
  /** Decoded, with a leading slash. */
  readonly path: string
  /** Exactly the parameters and headers listed in the signature, decoded. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** `start;end` in unix seconds. */
  readonly keyTime: string
}

export interface Signature {
  readonly signature: string
  readonly httpString: string
  readonly stringToSign: string
}

export function sign(content: SignedContent, secretKey: string): Signature {
  const httpString = httpStringOf(content)
  return { ...signHttpString(httpString, content.keyTime, secretKey), httpString }
}

/** The text that a request's signature covers. */
export function httpStringOf(content: SignedContent): string {
  return (
    `${content.method.toLowerCase()}\n${content.path}\n` +
    `${canonical(content.parameters)}\n${canonical(content.headers)}\n`
  )
}

export function signHttpString(
  httpString: string,
  keyTime: string,
  secretKey: string,
): Omit<Signature, 'httpString'> {
  const stringToSign = `sha1\n${keyTime}\n${sha1(httpString)}\n`
  return { signature: hmacSha1(hmacSha1(secretKey, keyTime), stringToSign), stringToSign }
}

/**
 * Signs a form upload. The signature covers only its policy, in decoded form, not the Base64.
 * Source: https://cloud.tencent.com/document/product/436/14690
 */
export function signPolicy(
  policy: string | Buffer,
  keyTime: string,
  secretKey: string,
): Omit<Signature, 'httpString'> {
  const stringToSign = sha1(policy)
  return { signature: hmacSha1(hmacSha1(secretKey, keyTime), stringToSign), stringToSign }
}

/** `name=value` pairs sorted by name; names in lower case *after* encoding, values keep their case. */
function canonical(pairs: readonly (readonly [name: string, value: string])[]): string {
  return pairs
    .map(([name, value]) => [encodeStrictly(name).toLowerCase(), encodeStrictly(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** `encodeURIComponent`, and also encodes the five characters it leaves although RFC 3986 reserves them. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function hmacSha1(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex')
}

function sha1(text: string | Buffer): string {
  return createHash('sha1').update(text).digest('hex')
}
