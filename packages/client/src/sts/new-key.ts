/** Longest key that COS accepts, in bytes of UTF-8 (436/14518). */
const longestKey = 850
/** Longest file name extension, in bytes, that is kept when a name is shortened. */
const longestEnding = 32
/** 128 bits: no key can be guessed from another. */
const idBytes = 16

/**
 * A unique key: `prefix`, the date, random characters, and the file's name with every character replaced that a key
 * or URL would have to escape. Tencent recommends random and dated keys (436/40265).
 *
 * @throws RangeError when the prefix leaves no room for a name
 */
export function newKey(prefix: string, name: string, now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '/')
  const folder = `${prefix}${day}/${randomId()}/`
  const room = Math.min(255, longestKey - bytesOf(folder))
  if (room < longestEnding + 8) throw new RangeError(`The key prefix has ${bytesOf(prefix)} bytes: too many.`)
  return folder + cutName(cleanName(name), room)
}

/** Random and URL-safe. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idBytes))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** The last segment of the name, without characters that could truncate or hide it. */
function cleanName(name: string): string {
  const cleaned = name
    .replace(/\p{Surrogate}/gu, '_')
    .replace(/^.*[/\\]/su, '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._()-]+/gu, '_')
    .replace(/^\.+|\.+$/gu, '')
  return cleaned === '' ? 'file' : cleaned
}

/** Shortens the name at a character boundary and keeps its extension. */
function cutName(name: string, room: number): string {
  if (bytesOf(name) <= room) return name
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 && bytesOf(name.slice(dot)) <= longestEnding ? name.slice(dot) : ''
  let cut = ''
  for (const character of name) {
    if (bytesOf(cut + character) > room - bytesOf(ending)) break
    cut += character
  }
  return cut + ending
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength
}
