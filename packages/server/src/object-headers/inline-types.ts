import { previewKind } from '@carryon/protocol'
import { contentType } from './content-type.js'

/**
 * The type with which a browser may show a file on the store's origin; `null` if it may not. Text is always served as plain
 * text in UTF-8: without a charset, browsers assume a legacy encoding that depends on the reader's locale.
 *
 * @param type as the client declared it
 */
export function inlineType(type: string): string | null {
  const kind = previewKind(type)
  if (kind === null) return null
  return kind === 'text'
    ? 'text/plain; charset=utf-8'
    : contentType(type.replace(/;.*$/su, '').trim()).toLowerCase()
}
