/** What is killed: all its processes, with `SIGKILL`. */
export type Target = 'store' | 'server' | 'browser'

/** One kill of a schedule. */
export interface PlannedKill {
  readonly target: Target
  /** The kill is due once this share of the file, 0 to 1, is stored. */
  readonly share: number
  /** Milliseconds from then until the kill. */
  readonly delay: number
  /** Milliseconds from the kill until the restart. */
  readonly downtime: number
}

/** Earliest share: not before the first parts. A share of 1 is the end of the file. */
const earliest = 0.02
/** Milliseconds. */
const longestDelay = 1000
const longestDowntime = 1500

/**
 * Plans kills in random order at random moments, determined by `seed`. The moments are uniformly distributed over the
 * file, so some kills come while the page, server or store is still recovering from the previous one.
 *
 * @param each number of kills of each target
 * @param latest latest share at which a kill may be due. The rest of the upload must take longer than the longest
 * delay. Otherwise the upload could finish before the kill, and picking the file again would ask whether to upload it
 * twice.
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

/** Random numbers from 0 to 1, determined by a seed: mulberry32, by Tommy Ettinger, in the public domain. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
