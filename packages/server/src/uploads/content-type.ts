/**
 * The media type under which an object is stored: the browser's guess where it is one (RFC 9110, 8.3.1),
 * else bytes of no known kind.
 */
export function contentType(claimed: string): string {
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/u.test(claimed) ? claimed : 'application/octet-stream'
}
