import { previewKind } from '@carryon/protocol'
import { contentType } from './content-type.js'

/**
 * The type under which a browser may show a file on the store's origin, `null` when it may not. Text is text and nothing else,
 * and in UTF-8: without a name for it browsers take it for the reader's own old encoding.
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
