/**
 * A whole percent, rounded down: 100 only when everything is stored.
 *
 * @param percent 0 to 100; anything else is brought into that range, NaN counts as 0
 */
export function wholePercent(percent: number): number {
  if (Number.isNaN(percent)) return 0
  return Math.floor(Math.min(100, Math.max(0, percent)))
}

/** @example formatPercent(32.84) // '32%' */
export function formatPercent(percent: number): string {
  return `${wholePercent(percent)}%`
}

/** The share of `part` in `total` in percent; nothing of nothing is all of it. */
export function percentOf(part: number, total: number): number {
  return total > 0 ? (part / total) * 100 : 100
}
