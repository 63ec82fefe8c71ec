/**
 * Splits a name for an ellipsis in its middle: the end, which carries the extension and often a counter, stays.
 * Counts characters as people see them, so an emoji or an accent is never cut in two.
 *
 * @returns `head` may be shortened by the layout; `tail` may not. A short name is all head.
 * @example splitFileName('holiday in the mountains 2026 (3).mp4') // { head: 'holiday in the mountains 2026', tail: ' (3).mp4' }
 */
export function splitFileName(
  name: string,
  tailLength = 8,
): { readonly head: string; readonly tail: string } {
  // Only the end is segmented: a name may be long, and the row is drawn often.
  const keep = name.slice(-8 * tailLength)
  const characters = Array.from(segmenter.segment(keep), ({ segment }) => segment)
  if (characters.length <= tailLength * 2 && keep.length === name.length) return { head: name, tail: '' }
  const tail = characters.slice(-tailLength).join('')
  return { head: name.slice(0, name.length - tail.length), tail }
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
