import { StoreError } from '../store-error.js'

const utf8 = new TextEncoder()

/** Lower-case hex of SHA-1. */
export async function sha1Hex(text: string): Promise<string> {
  return toHex(await subtle().digest('SHA-1', utf8.encode(text)))
}

/** A key for {@link hmacSha1Hex}; importing it once and using it often is what makes caching worthwhile. */
export async function importHmacKey(secret: string): Promise<CryptoKey> {
  return subtle().importKey('raw', utf8.encode(secret), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])
}

/** Lower-case hex of HMAC-SHA1. */
export async function hmacSha1Hex(key: CryptoKey, text: string): Promise<string> {
  return toHex(await subtle().sign('HMAC', key, utf8.encode(text)))
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

function toHex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
