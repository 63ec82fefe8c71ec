import { LruCache } from './lru-cache.js'

/**
 * A stable pseudonym for an owner or an address. Nobody can compute it without the secret, not even by guessing names.
 *
 * @returns 32 hex characters (128 bits of an HMAC-SHA256).
 */
export async function pseudonymOf(
  secret: string,
  purpose: 'log' | 'prefix' | 'address',
  owner: string,
): Promise<string> {
  const encoder = new TextEncoder()
  const key = await crypto.subtle.importKey(
    'raw',
    encoder.encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(`${purpose}:${owner}`))
  return [...new Uint8Array(mac, 0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** An owner sends many requests, and Web Crypto computes each HMAC on another thread: cache them. About 200 bytes each. */
const cachedPseudonyms = 10_000

/** Computes pseudonyms and caches them. */
export function pseudonyms(secret: () => Promise<string>, purpose: 'log' | 'address') {
  const made = new LruCache<string, string>(cachedPseudonyms)
  return async (owner: string): Promise<string> => {
    const known = made.get(owner)
    if (known !== undefined) return known
    const pseudonym = await pseudonymOf(await secret(), purpose, owner)
    made.set(owner, pseudonym)
    return pseudonym
  }
}
