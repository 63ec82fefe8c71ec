/** Embeddings, overrides and isolates, by which `photo[RLO]gpj.exe` would read `photoexe.jpg`. */
const directions = /[\u202A-\u202E\u2066-\u2069]/gu
/** Right-to-left letters. */
const fromRight = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** A name for display, without characters that reorder its letters. */
export function shownName(name: string): string {
  return name.replace(directions, '')
}

/** A name inside a sentence, isolated so that a right-to-left name does not reorder the words around it. */
export function nameInSentence(name: string): string {
  const shown = shownName(name)
  return fromRight.test(shown) ? `\u2068${shown}\u2069` : shown
}

/**
 * Splits a name for an ellipsis in the middle. The end, which has the extension and often a counter, stays visible. Counts
 * visible characters, so an emoji or an accented letter is never split.
 *
 * @returns `head` may be shortened by the layout; `tail` may not. A short name is entirely in `head`.
 * @example splitFileName('holiday in the mountains 2026 (3).mp4') // { head: 'holiday in the mountains 2026', tail: ' (3).mp4' }
 */
export function splitFileName(
  name: string,
  tailLength = 8,
): { readonly head: string; readonly tail: string } {
  // Segments only the end: a name may be long, and rows are drawn often.
  const keep = name.slice(-8 * tailLength)
  const characters = Array.from(segmenter.segment(keep), ({ segment }) => segment)
  if (characters.length <= tailLength * 2 && keep.length === name.length) return { head: name, tail: '' }
  const tail = characters.slice(-tailLength).join('')
  return { head: name.slice(0, name.length - tail.length), tail }
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
