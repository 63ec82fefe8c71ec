/**
 * Whether the browser itself makes this request, for a link or an element of a page, rather than a script calling the API.
 * Such a request cannot carry the owner's key header, so the missing header does not mean that the page has no key.
 *
 * Browsers send `Sec-Fetch-*` with every request to a secure origin or to this machine (Fetch Metadata); elsewhere, a
 * navigation is recognized by its `Accept` for HTML.
 */
export function isNavigation(request: Request): boolean {
  const { headers, method, url } = request
  const mode = headers.get('sec-fetch-mode')
  if (mode === 'navigate' || mode === 'no-cors') return true
  if (method !== 'GET' && method !== 'HEAD') return false
  // Scripts never request an object's content through the API; links, images and videos do.
  if (/\/object(?:\?|$)/u.test(url)) return true
  return mode === null && (headers.get('accept')?.includes('text/html') ?? false)
}
