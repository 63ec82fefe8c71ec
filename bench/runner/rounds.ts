/**
 * Interleaved rounds: every contestant once in each, in an order shuffled anew, so that neither a noisy minute nor the
 * place in the order decides.
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

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const pool = [...items]
  const order: T[] = []
  while (pool.length > 0) order.push(...pool.splice(Math.floor(random() * pool.length), 1))
  return order
}
