/**
 * The absolute form of an address from the server, if a link may open it: a `javascript:` address from a compromised backend
 * must not run.
 *
 * @returns `null` for anything but http and https
 */
export function webAddress(address: string, base: string | undefined): string | null {
  try {
    const url = new URL(address, base)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
  } catch {
    return null
  }
}

/**
 * Whether an address is the server's own address of an object (docs/api.md), which only works for its owner. For others, and
 * in another browser of an anonymous owner, it does not work.
 */
export function isOwnersAddress(address: string): boolean {
  return /\/uploads\/[^/]+\/object$/.test(new URL(address).pathname)
}

/** The variant of {@link isOwnersAddress an owner's address} that displays the object instead of downloading it. */
export function previewAddress(address: string): string {
  const url = new URL(address)
  url.searchParams.set('inline', '1')
  return url.href
}
