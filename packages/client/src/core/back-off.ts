/** How waits between attempts grow. Milliseconds. */
export interface Delays {
  readonly firstDelay: number
  readonly longestDelay: number
}

export const defaultDelays: Delays = { firstDelay: 500, longestDelay: 30_000 }

/**
 * How long to wait before trying again: full jitter, a random time up to a limit that doubles with each failure in
 * a row and is capped ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Many clients that failed at
 * once do not come back at once.
 *
 * @param failures in a row, 1 or more
 * @param random 0 (inclusive) to 1 (exclusive)
 * @param asked milliseconds that the other side asked to wait at least; {@link longestAsked} at most are waited
 * @returns milliseconds
 */
export function backOff(
  failures: number,
  random: number,
  asked = 0,
  { firstDelay, longestDelay }: Delays = defaultDelays,
): number {
  const limit = Math.min(longestDelay, firstDelay * 2 ** Math.min(failures - 1, 30))
  // Never almost nothing: half a first wait of calm lets a connection that was just reset be replaced.
  const least = firstDelay / 2
  return Math.max(Math.min(asked, longestAsked), least + random * (limit - least))
}

/** Milliseconds: whoever asks for days, by mistake or not, is asked again before. */
export const longestAsked = 300_000
