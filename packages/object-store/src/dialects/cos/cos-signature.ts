import { hashHex, hmac, importHmacKey, toHex } from '../../crypto/hmac.js'
import type { HmacKey } from '../../crypto/hmac.js'
import type { StoreCredentials } from '../../store-description.js'
import { encodeStrictly } from '../../url-encoding.js'

/** What a COS signature covers. */
export interface CosSignable {
  readonly method: string
  /** Decoded path with the leading slash; in path style it begins with the bucket. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Every header to be signed. */
  readonly headers: Readonly<Record<string, string>>
  /** Unix seconds of the store's clock. */
  readonly window: { readonly start: number; readonly end: number }
}

/** The seven fields of a signature, in their order: joined by `&` in a header, or each in a URL's query. */
export type CosAuthorization = Readonly<
  Record<
    | 'q-sign-algorithm'
    | 'q-ak'
    | 'q-sign-time'
    | 'q-key-time'
    | 'q-header-list'
    | 'q-url-param-list'
    | 'q-signature',
    string
  >
>

/**
 * Signs requests with one pair of keys (COS 436/7778). The signing key depends only on the time window: callers that
 * reuse the window for a while save one of the two HMACs of each request.
 *
 * @example
 * const signer = new CosSigner(secretId, secretKey)
 * const fields = await signer.sign({ method: 'GET', path: '/a.bin', query: {}, headers: { host }, window })
 * const authorization = authorizationHeader(fields)
 */
export class CosSigner {
  readonly #secretId: string
  readonly #secretKey: string
  #cached: { readonly keyTime: string; readonly key: Promise<HmacKey> } | undefined

  constructor(secretId: string, secretKey: string) {
    this.#secretId = secretId
    this.#secretKey = secretKey
  }

  async sign(request: CosSignable): Promise<CosAuthorization> {
    const keyTime = keyTimeOf(request.window)
    const parameters = canonicalList(request.query)
    const headers = canonicalList(request.headers)
    const httpString = `${request.method.toLowerCase()}\n${request.path}\n${parameters.pairs}\n${headers.pairs}\n`
    const stringToSign = `sha1\n${keyTime}\n${await hashHex('SHA-1', httpString)}\n`
    return {
      'q-sign-algorithm': 'sha1',
      'q-ak': this.#secretId,
      'q-sign-time': keyTime,
      'q-key-time': keyTime,
      'q-header-list': headers.names,
      'q-url-param-list': parameters.names,
      'q-signature': toHex(await hmac(await this.#signingKey(keyTime), stringToSign)),
    }
  }

  /** Signs a form's policy (436/14690 "Signature protection"): only its text, without a request. */
  async signPolicy(policy: string, keyTime: string): Promise<string> {
    return toHex(await hmac(await this.#signingKey(keyTime), await hashHex('SHA-1', policy)))
  }

  #signingKey(keyTime: string): Promise<HmacKey> {
    if (this.#cached?.keyTime !== keyTime) {
      this.#cached = { keyTime, key: this.#deriveKey(keyTime) }
    }
    return this.#cached.key
  }

  /** The next HMAC's key is the 40 hex characters of this one's result, not its 20 bytes. */
  async #deriveKey(keyTime: string): Promise<HmacKey> {
    const secret = await importHmacKey('SHA-1', this.#secretKey)
    return importHmacKey('SHA-1', toHex(await hmac(secret, keyTime)))
  }
}

const signers = new WeakMap<StoreCredentials, CosSigner>()

/** The signer of a pair of keys, cached with its derived key. */
export function signerOf(credentials: StoreCredentials): CosSigner {
  const known = signers.get(credentials)
  if (known !== undefined) return known
  const signer = new CosSigner(credentials.accessKeyId, credentials.secretAccessKey)
  signers.set(credentials, signer)
  return signer
}

/** "[start-seconds];[end-seconds]" (436/7778). */
export function keyTimeOf({ start, end }: CosSignable['window']): string {
  return `${start};${end}`
}

/** The value of the `authorization` header. */
export function authorizationHeader(fields: CosAuthorization): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** "Sort by key in lexicographic order, key in lower case after encoding, value encoded, joined by &" (436/7778). */
function canonicalList(entries: Readonly<Record<string, string>>): { pairs: string; names: string } {
  const sorted = Object.entries(entries)
    .map(([name, value]) => ({ name: encodeStrictly(name).toLowerCase(), value: encodeStrictly(value) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return {
    pairs: sorted.map(({ name, value }) => `${name}=${value}`).join('&'),
    names: sorted.map(({ name }) => name).join(';'),
  }
}
