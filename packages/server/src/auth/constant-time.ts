const encoder = new TextEncoder()

/**
 * Compares a secret with a claimed one without a timing side channel: both are signed with a random key, and Web Crypto
 * compares signatures in constant time.
 */
export async function isSecret(secret: string, said: string): Promise<boolean> {
  const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
  const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(secret))
  return crypto.subtle.verify('HMAC', key, signature, encoder.encode(said))
}
