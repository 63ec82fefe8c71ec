/**
 * Whether a browser loads this by itself, for a link or an element of a page, rather than a script for the page's API
 * calls: such a request can show no key, so it says nothing about who its page is.
 *
 * `Sec-Fetch-*` come with every request to an origin that is secure or on this machine (Fetch Metadata); elsewhere a browser
 * asks for HTML when it navigates.
 */
export function isNavigation(request: Request): boolean {
  const { headers, method, url } = request
  const mode = headers.get('sec-fetch-mode')
  if (mode === 'navigate' || mode === 'no-cors') return true
  if (method !== 'GET' && method !== 'HEAD') return false
  // No API call of a page asks for an object's content; links, images and videos do.
  if (/\/object(?:\?|$)/u.test(url)) return true
  return mode === null && (headers.get('accept')?.includes('text/html') ?? false)
}
