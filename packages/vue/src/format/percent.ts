/**
 * A whole percent, rounded down: 100 only when everything is stored.
 *
 * @param percent 0 to 100; anything else is brought into that range, NaN counts as 0
 */
export function wholePercent(percent: number, most = 100): number {
  if (Number.isNaN(percent)) return 0
  return Math.floor(Math.min(most, Math.max(0, percent)))
}

/**
 * @param digits after the point; a figure of a large file that moves has one, else it would stand for minutes
 * @example formatPercent(32.84) // '32%'
 * @example formatPercent(32.84, 1) // '32.8%'
 */
export function formatPercent(percent: number, digits: 0 | 1 = 0): string {
  const scale = 10 ** digits
  return `${(wholePercent(percent * scale, 100 * scale) / scale).toFixed(digits)}%`
}

/** The share of `part` in `total` in percent; nothing of nothing is all of it. */
export function percentOf(part: number, total: number): number {
  return total > 0 ? (part / total) * 100 : 100
}
