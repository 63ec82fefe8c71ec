/**
 * The media type that an object is stored with: the browser's guess if it is valid (RFC 9110, 8.3.1), else the type for
 * unknown bytes. Parameters are kept, so that a player knows the codecs of a recording. Values that are not tokens are
 * quoted, because recorders name several codecs as `video/webm;codecs=vp8,opus`.
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
/** Characters of a quoted value: printable ASCII, so that the header has the same bytes wherever it is signed. */
const printable = /^[\x20-\x7e]*$/u

/** Splits at semicolons outside quotes. */
function splitParameters(text: string): string[] {
  return (text.match(/(?:"(?:[^"\\]|\\.)*"|[^;])+|(?<=;)(?=;|$)/gu) ?? []).map((part) => part.trim())
}

/** `null` if the text is not a valid parameter. */
function parameterOf(text: string): string | null {
  const equals = text.indexOf('=')
  const name = text.slice(0, equals).trim().toLowerCase()
  const value = text.slice(equals + 1).trim()
  if (equals === -1 || !token.test(name) || !printable.test(value) || value === '') return null
  if (token.test(value) || quoted.test(value)) return `${name}=${value}`
  return /["\\]/u.test(value) ? null : `${name}="${value}"`
}
