import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** What a session token stands for. */
export interface TemporaryCredential {
  readonly id: string
  readonly secretKey: string
  /** Unix seconds. */
  readonly expiresAt: number
  /** The policy's JSON as it was asked for. */
  readonly policy: string
}

/**
 * Session tokens that carry what they stand for, sealed with AES-256-GCM under a key made from the account's secret. So
 * nothing is kept, and a token outlives a restart of the store.
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

  /** `null` for anything that this account's secret did not seal. */
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
