/**
 * The rows to draw next on the way to the first `limit` of `items`. At most `step` rows are added, each in its place, and at
 * most `step` are removed to make room; rows that are no longer among the items are removed at once.
 *
 * @param drawn the rows as they are drawn now
 * @param limit rows to be drawn in the end
 */
export function nextRows<T>(
  drawn: readonly T[],
  items: readonly T[],
  limit: number,
  step: number,
): readonly T[] {
  const here = new Set(drawn)
  const staying = items.filter((item) => here.has(item))
  const coming = items
    .slice(0, limit)
    .filter((item) => !here.has(item))
    .slice(0, step)
  if (coming.length === 0 && staying.length <= limit) return staying
  for (const item of coming) here.add(item)
  return items.filter((item) => here.has(item)).slice(0, Math.max(limit, staying.length - step))
}
