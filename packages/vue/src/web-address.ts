/**
 * A server's address in full, when it is one that a link may open: a `javascript:` address from a backend that was
 * tampered with must not run.
 *
 * @returns `null` for anything but http and https
 */
export function webAddress(address: string, base: string): string | null {
  try {
    const url = new URL(address, base)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
  } catch {
    return null
  }
}
