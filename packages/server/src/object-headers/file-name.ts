/** Turns a file name, which is untrusted, into a valid part of a key or of a header. The results are never used as paths. */

/** Bytes; NAME_MAX of common file systems, so that a download can be saved under the name. */
const longestName = 255
/** Bytes; a longer "extension" is not treated as one. */
const longestExtension = 32

/**
 * The name for downloads of the file: in its original script, without folders, and with control characters replaced.
 *
 * @example downloadName('C:\\clips\\假期.mp4') // '假期.mp4'
 */
export function downloadName(name: string): string {
  const base = lastPathPart(name.replace(/\p{Surrogate}/gu, '\uFFFD'))
    .replace(invisible, (_, ofScript?: string) => ofScript ?? '_')
    .replaceAll('\\', '_')
  return cutName(isEmptyName(base) ? 'file' : base, longestName)
}

/**
 * The last segment of a key: letters, marks and digits of every script and `. _ - ( )`; everything else becomes `_`. So it
 * has nothing that COS advises against in keys (436/13324) or that URLs would have to escape.
 *
 * @param budget Bytes in UTF-8, at least 8.
 */
export function keyName(name: string, budget: number): string {
  const cleaned = downloadName(name)
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._()-]+/gu, '_')
    .replace(/^\.+/u, '')
    .replace(/\.+$/u, '')
  return cutName(cleaned === '' ? 'file' : cleaned, Math.min(budget, longestName))
}

/**
 * Control and format characters, including those that reverse the direction of a displayed name. The captured ones belong
 * to a script and are kept: joiners between the characters they join (Persian, Indic scripts, emoji families), flag tags,
 * and the Arabic and Syriac signs around numbers.
 */
const invisible =
  /((?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d](?=[\p{L}\p{M}\p{Extended_Pictographic}])|(?<=\u{1f3f4})[\u{e0020}-\u{e007e}]{1,8}\u{e007f}|[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2])|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A backslash separates folders only in Windows paths, which old browsers send; otherwise it is a character of the name. */
function lastPathPart(name: string): string {
  const isWindowsPath = /^(?:[a-z]:)?\\/iu.test(name)
  const backslash = isWindowsPath ? name.lastIndexOf('\\') : -1
  return name.slice(Math.max(name.lastIndexOf('/'), backslash) + 1)
}

function isEmptyName(name: string): boolean {
  return name.trim() === '' || name === '.' || name === '..'
}

/** Cuts at a character boundary and keeps the extension. */
function cutName(name: string, budget: number): string {
  if (byteLength(name) <= budget) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot) : ''
  const kept = byteLength(extension) <= Math.min(longestExtension, budget - 4) ? extension : ''
  return cutText(name.slice(0, name.length - kept.length), budget - byteLength(kept)) + kept
}

function cutText(text: string, budget: number): string {
  let cut = ''
  let used = 0
  for (const character of text) {
    used += byteLength(character)
    if (used > budget) break
    cut += character
  }
  return cut
}

const encoder = new TextEncoder()

export function byteLength(text: string): number {
  return encoder.encode(text).byteLength
}
