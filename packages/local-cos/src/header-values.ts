/** What no header may hold: RFC 9110 section 5.5. Node hands headers over, and takes them, as Latin-1. */
const forbidden = /[^\t\u0020-\u007e\u0080-\u00ff]/

export function isHeaderValue(text: string): boolean {
  return !forbidden.test(text)
}

/** A header is Latin-1: what lies beyond goes out as UTF-8 bytes, as the real store's proxies do; no line can be broken. */
export function asHeaderValue(text: string): string {
  return Buffer.from(text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '')).toString('latin1')
}
