import { fromBase64, toBase64 } from '../base64.js'

/** The query of a signed link. */
export interface LinkQuery {
  /** Unix seconds. */
  readonly until: string
  /** Base64url. */
  readonly signature: string
}

/** Signs links to finished objects with HMAC-SHA256 over the upload's id and the expiry time, so that neither can be changed. */
export class SignedLinks {
  readonly #key: () => Promise<CryptoKey>

  /** @param secret used for nothing else, and shared by all servers of one database */
  constructor(secret: () => Promise<string>) {
    this.#key = async () =>
      crypto.subtle.importKey(
        'raw',
        encoder.encode(await secret()),
        { name: 'HMAC', hash: 'SHA-256' },
        false,
        ['sign', 'verify'],
      )
  }

  /** @param until Unix seconds */
  async sign(id: string, until: number): Promise<LinkQuery> {
    const mac = await crypto.subtle.sign('HMAC', await this.#key(), signedText(id, String(until)))
    return { until: String(until), signature: base64Url(mac) }
  }

  /** The expiry of the link in Unix seconds, possibly in the past; `null` if the signature is invalid. */
  async verify(id: string, { until, signature }: LinkQuery): Promise<number | null> {
    // A link has one canonical form: digits without sign or leading zeros, and the one Base64 of 32 bytes.
    if (!/^[1-9]\d{0,11}$/u.test(until) || !/^[\w-]{43}$/u.test(signature)) return null
    const mac = fromBase64(signature.replaceAll('-', '+').replaceAll('_', '/'))
    if (mac === null) return null
    // `verify` compares in constant time.
    const isOurs = await crypto.subtle.verify('HMAC', await this.#key(), mac, signedText(id, until))
    return isOurs && base64Url(mac) === signature ? Number(until) : null
  }
}

const encoder = new TextEncoder()

function signedText(id: string, until: string) {
  return encoder.encode(`object:${id}:${until}`)
}

function base64Url(bytes: ArrayBuffer | Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '')
}
