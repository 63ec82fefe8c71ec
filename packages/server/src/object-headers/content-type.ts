/**
 * The media type under which an object is stored: the browser's guess where it is one (RFC 9110, 8.3.1),
 * else bytes of no known kind. Parameters are kept, so that a player knows the codecs of a recording. A value that may
 * not stand bare is quoted: recorders name several codecs as `video/webm;codecs=vp8,opus`.
 *
 * @example contentType('video/webm; codecs=vp8,opus') // 'video/webm;codecs="vp8,opus"'
 */
export function contentType(declared: string): string {
  const [essence = '', ...rest] = splitParameters(declared)
  if (!mediaType.test(essence)) return unknownType
  const parameters = rest.filter((parameter) => parameter !== '').map(parameterOf)
  return parameters.includes(null) ? essence : [essence, ...parameters].join(';')
}

const unknownType = 'application/octet-stream'
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/u
const token = /^[\w!#$%&'*+.^`|~-]+$/u
const quoted = /^"(?:[^"\\]|\\.)*"$/u
/** What a quoted value may hold: printable ASCII, so that the header is the same bytes everywhere it is signed. */
const printable = /^[\x20-\x7e]*$/u

/** At semicolons outside of quotes. */
function splitParameters(text: string): string[] {
  return (text.match(/(?:"(?:[^"\\]|\\.)*"|[^;])+|(?<=;)(?=;|$)/gu) ?? []).map((part) => part.trim())
}

/** `null` when it is no parameter. */
function parameterOf(text: string): string | null {
  const equals = text.indexOf('=')
  const name = text.slice(0, equals).trim().toLowerCase()
  const value = text.slice(equals + 1).trim()
  if (equals === -1 || !token.test(name) || !printable.test(value) || value === '') return null
  if (token.test(value) || quoted.test(value)) return `${name}=${value}`
  return /["\\]/u.test(value) ? null : `${name}="${value}"`
}
