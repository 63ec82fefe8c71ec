const encoder = new TextEncoder()

/**
 * Compares a secret with what somebody says it is, so that the time this takes tells nothing of where they differ: both are
 * signed with a key of chance, and Web Crypto compares signatures in constant time.
 */
export async function isSecret(secret: string, said: string): Promise<boolean> {
  const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
  const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(secret))
  return crypto.subtle.verify('HMAC', key, signature, encoder.encode(said))
}
