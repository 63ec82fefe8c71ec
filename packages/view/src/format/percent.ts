/**
 * A percentage, rounded down, so that it is 100 only when everything is stored.
 *
 * @param percent 0 to 100; other values are clamped, NaN counts as 0
 * @param digits after the point; use one for a large file that is uploading, because whole percents would stand for minutes
 */
export function roundPercent(percent: number, digits: 0 | 1): number {
  if (Number.isNaN(percent)) return 0
  const scale = 10 ** digits
  return Math.floor(Math.min(100, Math.max(0, percent)) * scale) / scale
}

/**
 * @param digits as for `roundPercent`
 * @example formatPercent(32.84) // '32%'
 * @example formatPercent(32.84, 1) // '32.8%'
 */
export function formatPercent(percent: number, digits: 0 | 1 = 0): string {
  return `${roundPercent(percent, digits).toFixed(digits)}%`
}

/** `part` as a percentage of `total`; 100 if both are zero. */
export function percentOf(part: number, total: number): number {
  return total > 0 ? (part / total) * 100 : 100
}
