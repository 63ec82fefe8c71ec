import { systemClock } from './clock.js'
import type { Clock } from '../seams.js'

/** Milliseconds. */
export const optionalPatience = 1_000

/**
 * What `work` resolves to, or `otherwise` when it rejects or has not answered within a second. For everything that an
 * upload can do without: storage, locks and the like are there to spare work, and some browsers never answer.
 *
 * @param milliseconds of patience. Default: a second, for what stands before the first byte
 */
export async function answeredSoon<T>(
  work: () => Promise<T>,
  otherwise: T,
  clock: Clock = systemClock,
  milliseconds = optionalPatience,
): Promise<T> {
  const answered = new AbortController()
  const patience = clock.sleep(milliseconds, answered.signal).then(
    () => otherwise,
    () => otherwise,
  )
  try {
    return await Promise.race([work(), patience])
  } catch {
    return otherwise
  } finally {
    answered.abort()
  }
}
