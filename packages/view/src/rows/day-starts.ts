import { formatDay } from '../format/moment.js'

/**
 * Day headings for a list ordered by time: for each item the day that begins with it, or `null` if the item before has the
 * same day.
 *
 * @param moments when each was finished; `null` while unknown
 * @param language a BCP 47 tag
 * @param now Unix milliseconds
 */
export function dayStarts(
  moments: readonly (Date | null)[],
  language: string,
  now: number,
): readonly (string | null)[] {
  let last = ''
  return moments.map((at) => {
    if (at === null || Number.isNaN(at.getTime()) || at.toDateString() === last) return null
    last = at.toDateString()
    return formatDay(at, language, now)
  })
}
