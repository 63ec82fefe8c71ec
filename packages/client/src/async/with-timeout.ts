import { systemClock } from './clock.js'
import type { Clock } from '../ports.js'

/** Milliseconds. */
export const defaultTimeout = 1_000

/**
 * What `work` resolves to, or `otherwise` when it rejects or has not answered within a second. For everything that an
 * upload can do without: storage, locks and the like are there to spare work, and some browsers never answer.
 *
 * @param milliseconds until it is given up. Default: a second, for what stands before the first byte
 */
export async function withTimeout<T>(
  work: () => Promise<T>,
  otherwise: T,
  clock: Clock = systemClock,
  milliseconds = defaultTimeout,
): Promise<T> {
  const answered = new AbortController()
  const late = (): T => otherwise
  const timeout = clock.sleep(milliseconds, answered.signal).then(late, late)
  try {
    return await Promise.race([work(), timeout])
  } catch {
    return otherwise
  } finally {
    answered.abort()
  }
}
