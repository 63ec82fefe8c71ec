/**
 * Whether a host, as a URL has it or as an address is written, can be nothing but this machine (RFC 6761, 6.3; RFC 1122,
 * 3.2.1.3).
 *
 * @param hostname without a port
 */
export function isLoopback(hostname: string): boolean {
  return /^(?:.+\.)?localhost\.?$|^127(?:\.\d{1,3}){3}$|^(?:::1|\[::1\])$/u.test(hostname)
}

/**
 * A host that somebody has written down, as the URLs of requests name it: in lower case, and without the port that http
 * or https has by itself, for browsers leave that out of `Host`. An international name has to be in its ASCII form.
 *
 * @returns `null` where it is no host
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
