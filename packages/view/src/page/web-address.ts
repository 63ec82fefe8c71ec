/**
 * A server's address in full, when it is one that a link may open: a `javascript:` address from a backend that was
 * tampered with must not run.
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
 * Whether an address is the server's own one of an object (docs/api.md), which asks for the owner: for everybody else, and
 * in another browser of an owner without a name, it leads nowhere.
 */
export function isOwnersAddress(address: string): boolean {
  return /\/uploads\/[^/]+\/object$/.test(new URL(address).pathname)
}

/** Where {@link isOwnersAddress an owner's address} is shown in place of being downloaded (docs/api.md). */
export function previewAddress(address: string): string {
  const url = new URL(address)
  url.searchParams.set('inline', '1')
  return url.href
}
