import { contentType } from './content-type.js'
import type { ChosenHeaders } from './stored-headers.js'

const printable = /^[\x20-\x7e]{1,256}$/u
/** Characters that both COS and S3 accept in a tag. */
const tagText = /^[\p{L}\p{N} +\-=._:/@]*$/u
const mostTags = 10

/**
 * Validates the headers that an application chose.
 *
 * @throws TypeError that describes the problem but never includes the values.
 */
export function chosenHeaders(headers: unknown): ChosenHeaders {
  if (typeof headers !== 'object' || headers === null) throw new TypeError('"headers" must be an object')
  const chosen = Object.entries(headers).filter(([, value]) => value !== undefined)
  for (const [name, value] of chosen as [string, unknown][]) {
    const isFine = rules.get(name)
    if (isFine === undefined) throw new TypeError(`"headers" has no member "${name}"`)
    if (!isFine(value)) throw new TypeError(`"headers.${name}" has an invalid value`)
  }
  return Object.fromEntries(chosen)
}

const rules: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['contentType', (value: unknown) => isPrintable(value) && isMediaType(value)],
  ['contentDisposition', (value: unknown) => value === 'inline' || value === 'attachment'],
  ['cacheControl', isPrintable],
  ['storageClass', (value: unknown) => typeof value === 'string' && /^[A-Z][A-Z0-9_]{1,31}$/u.test(value)],
  ['tags', isTags],
  ['encryption', isEncryption],
])

function isPrintable(value: unknown): value is string {
  return typeof value === 'string' && printable.test(value)
}

/** An invalid media type would silently be stored as `application/octet-stream`. */
function isMediaType(value: string): boolean {
  return contentType(value) !== contentType('') || value === contentType('')
}

function isTags(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const tags = Object.entries(value)
  return (
    tags.length <= mostTags &&
    tags.every(
      ([name, text]: [string, unknown]) =>
        isTagText(name, 127) && name !== '' && typeof text === 'string' && isTagText(text, 255),
    )
  )
}

function isTagText(text: string, most: number): boolean {
  return text.length <= most && tagText.test(text)
}

function isEncryption(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { by, keyId, ...others }: Readonly<Record<string, unknown>> = { ...value }
  if (Object.keys(others).length > 0) return false
  if (by === 'store') return keyId === undefined
  return (
    by === 'kms' && (keyId === undefined || (typeof keyId === 'string' && /^[\w:/.-]{1,256}$/u.test(keyId)))
  )
}
