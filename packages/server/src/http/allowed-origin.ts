/**
 * Why pages of this origin cannot be allowed, or `null` if they can. Origins are compared exactly with what browsers
 * send, so they have to be written the same way. Apps in a native shell have their own scheme: `capacitor://localhost`,
 * `tauri://localhost`.
 */
export function originProblem(origin: string): string | null {
  if (origin.includes('*')) {
    return 'has a wildcard: name each page, because an allowed page acts with the rights of whoever is signed in'
  }
  if (origin === 'null') return 'stands for any sandboxed page: give the page an address, and allow that one'
  if (!URL.canParse(origin)) return example
  const url = new URL(origin)
  if (!/^https?:$/u.test(url.protocol)) {
    return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::\d+)?$/u.test(origin) ? null : example
  }
  if (url.origin === origin) return null
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
    ? `must be written as browsers send it: ${url.origin}`
    : `is a URL, not an origin; its origin is ${url.origin}`
}

const example = 'is not an origin such as https://app.example.com'
