import { byteLength } from '../object-headers/file-name.js'

/**
 * `value` as JSON text.
 *
 * @param most bytes in UTF-8
 * @throws TypeError when it is not JSON, or longer.
 */
export function boundedJson(value: unknown, most: number): string {
  const text: unknown = JSON.stringify(value)
  if (typeof text !== 'string') throw new TypeError('must be JSON')
  if (byteLength(text) > most) throw new TypeError(`must have at most ${most} bytes as JSON`)
  return text
}
