import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Content of a session token. */
export interface TemporaryCredential {
  readonly id: string
  readonly secretKey: string
  /** Unix seconds. */
  readonly expiresAt: number
  /** JSON of the requested policy. */
  readonly policy: string
}

/**
 * Creates session tokens that contain the credential, sealed with AES-256-GCM under a key derived from the
 * account's secret. So nothing is stored, and a token stays valid when the store restarts.
 */
export class TokenSealer {
  readonly #key: Buffer

  constructor(accountSecret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', accountSecret, '', 'local-cos session token', 32))
  }

  seal(credential: TemporaryCredential): string {
    const nonce = randomBytes(nonceLength)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    const sealed = Buffer.concat([cipher.update(JSON.stringify(credential)), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** Returns `null` if the token was not sealed with this account's secret. */
  open(token: string): TemporaryCredential | null {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length <= nonceLength + tagLength) return null
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, nonceLength), {
      authTagLength: tagLength,
    })
    decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength))
    try {
      const json = Buffer.concat([decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()])
      return JSON.parse(json.toString()) as TemporaryCredential
    } catch {
      return null
    }
  }
}

const nonceLength = 12
const tagLength = 16
