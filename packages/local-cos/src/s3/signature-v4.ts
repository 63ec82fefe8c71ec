import { createHash, createHmac } from 'node:crypto'
import { encodeStrictly } from '../signature.js'

/**
 * AWS Signature Version 4 as used by S3: the path is encoded once and not normalised.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export interface CanonicalContent {
  readonly method: string
  /** Decoded, with a leading slash. */
  readonly path: string
  /** All parameters except the signature, decoded, with the case of names kept. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
  /** Exactly the signed headers, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The value of `x-amz-content-sha256`. */
  readonly payload: string
}

/** Scope of a derived key; as text, `date/region/service/aws4_request`. */
export interface Scope {
  /** `20130524` */
  readonly date: string
  readonly region: string
  readonly service: string
}

export const algorithm = 'AWS4-HMAC-SHA256'

export function canonicalRequest(content: CanonicalContent): string {
  const headers = [...content.headers].sort(byName)
  return [
    content.method,
    content.path.split('/').map(encodeStrictly).join('/'),
    content.parameters
      .map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
      .sort((a, b) => byName(a, b) || compare(a[1], b[1]))
      .map(([name, value]) => `${name}=${value}`)
      .join('&'),
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    headers.map(([name]) => name).join(';'),
    content.payload,
  ].join('\n')
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return compare(a, b)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function scopeText({ date, region, service }: Scope): string {
  return `${date}/${region}/${service}/aws4_request`
}

/** @param canonical characters up to U+00FF represent bytes, because Node passes headers as Latin-1. */
export function stringToSign(timestamp: string, scope: Scope, canonical: string): string {
  return [algorithm, timestamp, scopeText(scope), sha256(Buffer.from(canonical, 'latin1'))].join('\n')
}

export function signingKey(secretKey: string, scope: Scope): Buffer {
  return [scope.date, scope.region, scope.service, 'aws4_request'].reduce<Buffer>(
    (key, text) => createHmac('sha256', key).update(text).digest(),
    Buffer.from(`AWS4${secretKey}`),
  )
}

export function signText(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

/**
 * Signs the chunks of a body; each signature includes the previous one.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class ChunkSigner {
  readonly #key: Buffer
  readonly #timestamp: string
  readonly #scope: Scope
  #previous: string

  /** @param seed the signature of the request. */
  constructor(key: Buffer, timestamp: string, scope: Scope, seed: string) {
    this.#key = key
    this.#timestamp = timestamp
    this.#scope = scope
    this.#previous = seed
  }

  /** @param hash SHA-256 of the chunk's data in hex. */
  chunk(hash: string): string {
    return this.#sign('AWS4-HMAC-SHA256-PAYLOAD', [emptyHash, hash])
  }

  /** @param hash SHA-256, in hex, of the trailers, each as `name:value` and a line feed. */
  trailer(hash: string): string {
    return this.#sign('AWS4-HMAC-SHA256-TRAILER', [hash])
  }

  #sign(kind: string, hashes: readonly string[]): string {
    const text = [kind, this.#timestamp, scopeText(this.#scope), this.#previous, ...hashes].join('\n')
    return (this.#previous = signText(this.#key, text))
  }
}

export const emptyHash = sha256('')

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
