/**
 * A percent, rounded down: 100 only when everything is stored.
 *
 * @param percent 0 to 100; anything else is brought into that range, NaN counts as 0
 * @param digits after the point; a figure of a large file that moves has one, else it would stand for minutes
 */
export function roundPercent(percent: number, digits: 0 | 1): number {
  if (Number.isNaN(percent)) return 0
  const scale = 10 ** digits
  return Math.floor(Math.min(100, Math.max(0, percent)) * scale) / scale
}

/**
 * @param digits as `roundPercent` has them
 * @example formatPercent(32.84) // '32%'
 * @example formatPercent(32.84, 1) // '32.8%'
 */
export function formatPercent(percent: number, digits: 0 | 1 = 0): string {
  return `${roundPercent(percent, digits).toFixed(digits)}%`
}

/** The share of `part` in `total` in percent; nothing of nothing is all of it. */
export function percentOf(part: number, total: number): number {
  return total > 0 ? (part / total) * 100 : 100
}
