/** Characters not allowed in a header value: RFC 9110 section 5.5. Node reads and writes headers as Latin-1. */
const forbidden = /[^\t\u0020-\u007e\u0080-\u00ff]/

export function isHeaderValue(text: string): boolean {
  return !forbidden.test(text)
}

/**
 * Makes a text usable as a header: characters beyond Latin-1 are sent as UTF-8 bytes, as by the real store's
 * proxies, and control characters are removed.
 */
export function asHeaderValue(text: string): string {
  return Buffer.from(text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '')).toString('latin1')
}
