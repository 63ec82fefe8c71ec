/**
 * Interleaved rounds: each has every contestant once, in a newly shuffled order, so that neither a noisy minute nor
 * the position decides the result.
 *
 * @param random 0 (inclusive) to 1 (exclusive)
 */
export function interleaved<T>(
  contestants: readonly T[],
  rounds: number,
  random: () => number,
): readonly T[] {
  return Array.from({ length: rounds }, () => shuffled(contestants, random)).flat()
}

/** Fisher–Yates shuffle. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const pool = [...items]
  const order: T[] = []
  while (pool.length > 0) order.push(...pool.splice(Math.floor(random() * pool.length), 1))
  return order
}
