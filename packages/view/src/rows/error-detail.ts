import type { UploadError, UploadErrorCode } from '@carryon/client'

/** Maximum characters of a detail; more would not help in a row. */
const longest = 300

/** Codes whose message adds nothing to the page's own words. */
const fullySaid: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'file-changed',
  'permission-denied',
  'upload-gone',
  'store-full',
  'page-outdated',
  'cancelled',
])

/**
 * The message of the engine, the server or the store, as one line of plain text of limited length; `null` if it adds nothing
 * to the page's own words for the error's code.
 */
export function errorDetail({ code, message }: Pick<UploadError, 'code' | 'message'>): string | null {
  if (fullySaid.has(code)) return null
  // A message may quote an untrusted answer: keep it on one line and without direction controls.
  const line = message.replace(/[\p{Cc}\p{Bidi_Control}\s]+/gu, ' ').trim()
  const characters = Array.from(line.slice(0, 2 * longest + 2))
  if (characters.length <= longest) return line === '' ? null : line
  return `${characters.slice(0, longest - 1).join('')}…`
}
