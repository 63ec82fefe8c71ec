import type { SignedLinks } from '../access/signed-link.js'

/** Default validity of a share link in seconds. */
const usualLink = 86_400

/** @param longest maximum validity in seconds on this server */
export function usualShareSeconds(longest: number): number {
  return Math.min(usualLink, longest)
}

/** The URL of a share link. @param until Unix seconds */
export async function shareUrl(
  links: SignedLinks,
  id: string,
  { base, until, inline }: { readonly base: string; readonly until: number; readonly inline: boolean },
): Promise<string> {
  const query = new URLSearchParams({ ...(inline && { inline: '1' }), ...(await links.sign(id, until)) })
  return `${base}/api/uploads/${encodeURIComponent(id)}/object?${query.toString()}`
}
