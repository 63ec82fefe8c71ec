import type { UploadError, UploadErrorCode } from '@carryon/client'

/** Characters of a detail; what is beyond helps nobody in a row. */
const longest = 300

/** Whose words say all there is to know. */
const fullySaid: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'file-changed',
  'permission-denied',
  'upload-gone',
  'store-full',
  'page-outdated',
  'cancelled',
])

/**
 * What the engine, the server or the store said of an error, as one bounded line of plain text; `null` where the page's own
 * words for its code say as much.
 */
export function errorDetail({ code, message }: Pick<UploadError, 'code' | 'message'>): string | null {
  if (fullySaid.has(code)) return null
  // A message may quote what a stranger answered: one line, and nothing in it turns the text around it.
  const line = message.replace(/[\p{Cc}\p{Bidi_Control}\s]+/gu, ' ').trim()
  const characters = Array.from(line.slice(0, 2 * longest + 2))
  if (characters.length <= longest) return line === '' ? null : line
  return `${characters.slice(0, longest - 1).join('')}…`
}
