import { hashHex, hmac, importHmacKey, toHex } from '../../crypto/hmac.js'
import type { HmacKey } from '../../crypto/hmac.js'
import { encodeStrictly } from '../../url-encoding.js'

/** The request data that a Signature Version 4 covers. */
export interface S3Signable {
  readonly method: string
  /** Decoded path with the leading slash; in path style it begins with the bucket. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Every header to be signed, `host` among them. */
  readonly headers: Readonly<Record<string, string>>
  /** Hex SHA-256 of the body, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string
  /** `20130524T000000Z` */
  readonly timestamp: string
}

/**
 * Signs requests with one pair of keys (Amazon S3 API, "Authenticating Requests (AWS Signature Version 4)"). The
 * signing key depends only on the day and the region, and is cached.
 */
export class S3Signer {
  readonly #secretKey: string
  readonly #region: string
  #cached: { readonly day: string; readonly key: Promise<HmacKey> } | undefined

  constructor(secretKey: string, region: string) {
    this.#secretKey = secretKey
    this.#region = region
  }

  /** `20130524/us-east-1/s3/aws4_request`: the day and region that a signing key is valid for. */
  scopeOf(timestamp: string): string {
    return `${timestamp.slice(0, 8)}/${this.#region}/s3/aws4_request`
  }

  /** Lower-case hex. */
  async sign(request: S3Signable): Promise<string> {
    const { timestamp } = request
    const canonical = [
      request.method,
      request.path.split('/').map(encodeStrictly).join('/'),
      canonicalQuery(request.query),
      canonicalHeaders(request.headers),
      signedHeaderNames(request.headers),
      request.payloadHash,
    ].join('\n')
    const hash = await hashHex('SHA-256', canonical)
    const stringToSign = `AWS4-HMAC-SHA256\n${timestamp}\n${this.scopeOf(timestamp)}\n${hash}`
    return toHex(await hmac(await this.#signingKey(timestamp.slice(0, 8)), stringToSign))
  }

  #signingKey(day: string): Promise<HmacKey> {
    if (this.#cached?.day !== day) this.#cached = { day, key: this.#deriveKey(day) }
    return this.#cached.key
  }

  async #deriveKey(day: string): Promise<HmacKey> {
    let key = await importHmacKey('SHA-256', `AWS4${this.#secretKey}`)
    for (const text of [day, this.#region, 's3', 'aws4_request']) {
      key = await importHmacKey('SHA-256', await hmac(key, text))
    }
    return key
  }
}

/** `host;x-amz-date` */
export function signedHeaderNames(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort()
    .join(';')
}

/** `20130524T000000Z` @param unixSeconds with or without fractions */
export function timestampOf(unixSeconds: number): string {
  return new Date(Math.floor(unixSeconds) * 1000).toISOString().replace(/[-:]|\.000/g, '')
}

/** "Sort the encoded names by code point"; a parameter without a value counts as an empty one. */
function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
    .sort(([a], [b]) => compare(a, b))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** "Trim, and convert sequential spaces to a single space"; each line ends, the last one too. */
function canonicalHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(([a], [b]) => compare(a, b))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
