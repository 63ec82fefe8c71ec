/** What is killed: every process of it, with `SIGKILL`. */
export type Target = 'store' | 'server' | 'browser'

/** One kill of a schedule. */
export interface PlannedKill {
  readonly target: Target
  /** 0 to 1: strikes once this share of the file is stored, */
  readonly share: number
  /** and so many milliseconds have passed, */
  readonly delay: number
  /** and starts again after so many. */
  readonly downtime: number
}

/** Not before the first parts: the file's end is a share of 1. */
const earliest = 0.02
/** Milliseconds. */
const longestDelay = 1000
const longestDowntime = 1500

/**
 * A schedule of kills in random order at random moments, the same for the same seed. The moments are drawn evenly over
 * the file, so some come right after another, while page, server or store are still getting over that one.
 *
 * @param each kills of each target
 * @param latest share at which the last may strike. What is left then must last longer than the longest delay, or the
 *   upload is over before the kill, and whoever picks the file again is asked whether it is to be sent twice.
 */
export function planKills(seed: number, each: number, latest: number): readonly PlannedKill[] {
  const random = randomNumbers(seed)
  const targets = (['store', 'server', 'browser'] as const).flatMap((target) =>
    Array.from({ length: each }, () => ({ target, order: random() })),
  )
  targets.sort((a, b) => a.order - b.order)
  const shares = targets.map(() => earliest + random() * (latest - earliest)).sort((a, b) => a - b)
  return targets.map(({ target }, index) => ({
    target,
    share: shares[index] ?? latest,
    delay: Math.round(random() * longestDelay),
    downtime: target === 'browser' ? 0 : Math.round(random() * longestDowntime),
  }))
}

/** Numbers from 0 to 1 that follow from a seed: mulberry32, by Tommy Ettinger, in the public domain. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
