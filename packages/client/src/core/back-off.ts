/** Bounds of the waits between attempts. Milliseconds. */
export interface Delays {
  readonly firstDelay: number
  readonly longestDelay: number
}

export const defaultDelays: Delays = { firstDelay: 500, longestDelay: 30_000 }

/**
 * How long to wait before the next attempt: full jitter, that is a random time up to a limit that doubles with each
 * failure in a row and is capped ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015). So many clients that
 * failed at the same time do not retry at the same time.
 *
 * @param failures number of failures in a row, 1 or more
 * @param random 0 (inclusive) to 1 (exclusive)
 * @param asked minimum wait that the other side asked for, in milliseconds; capped at {@link longestAsked}
 * @returns milliseconds
 */
export function backOff(
  failures: number,
  random: number,
  asked = 0,
  { firstDelay, longestDelay }: Delays = defaultDelays,
): number {
  const limit = Math.min(longestDelay, firstDelay * 2 ** Math.min(failures - 1, 30))
  // Wait at least half of the first delay, so that a connection that was just reset can be replaced.
  const least = firstDelay / 2
  return Math.max(Math.min(asked, longestAsked), least + random * (limit - least))
}

/** Longest wait that the other side may ask for, in case it asks for days. Milliseconds. */
export const longestAsked = 300_000
