/**
 * Whether a host, in URL or address notation, always means this machine (RFC 6761, 6.3; RFC 1122, 3.2.1.3).
 *
 * @param hostname without a port
 */
export function isLoopback(hostname: string): boolean {
  return /^(?:.+\.)?localhost\.?$|^127(?:\.\d{1,3}){3}$|^(?:::1|\[::1\])$/u.test(hostname)
}

/**
 * Normalizes a configured host to the form that URLs of requests have: lower case, and without the default port of http or
 * https, because browsers omit it from `Host`. An international name has to be in its ASCII form.
 *
 * @returns `null` if it is not a host
 * @example asHost('App.example.com:443') // 'app.example.com'
 */
export function asHost(text: string): string | null {
  const written = text.toLowerCase()
  const url = `http://${written}`
  if (!URL.canParse(url)) return null
  const { host, hostname } = new URL(url)
  if (written === `${hostname}:80` || written === `${hostname}:443`) return hostname
  return host === written ? host : null
}
