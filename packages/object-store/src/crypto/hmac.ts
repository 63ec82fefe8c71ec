import { StoreError } from '../store-error.js'

export type HashName = 'SHA-1' | 'SHA-256'

const utf8 = new TextEncoder()

/** Lower-case hex of the hash of a text's UTF-8. */
export async function hashHex(hash: HashName, text: string): Promise<string> {
  return toHex(await subtle().digest(hash, utf8.encode(text)))
}

/** A key for {@link hmac}; importing it once and using it often is what makes caching worthwhile. */
export async function importHmacKey(hash: HashName, secret: string | ArrayBuffer): Promise<CryptoKey> {
  const bytes = typeof secret === 'string' ? utf8.encode(secret) : secret
  return subtle().importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign'])
}

export async function hmac(key: CryptoKey, text: string): Promise<ArrayBuffer> {
  return subtle().sign('HMAC', key, utf8.encode(text))
}

/** Lower-case. */
export function toHex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Browsers hide WebCrypto from pages without a secure context: https or localhost (W3C Secure Contexts). */
function subtle(): SubtleCrypto {
  const { crypto } = globalThis as { crypto?: { subtle?: SubtleCrypto } }
  if (crypto?.subtle !== undefined) return crypto.subtle
  throw new StoreError('This page cannot sign requests: open it over https, or on localhost.', {
    code: 'CryptoUnavailable',
    status: 0,
  })
}
