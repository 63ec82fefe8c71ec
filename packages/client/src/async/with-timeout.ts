import { systemClock } from './clock.js'
import type { Clock } from '../ports.js'

/** Milliseconds. */
export const defaultTimeout = 1_000

/**
 * The result of `work`, or `otherwise` if it rejects or does not settle in time. For everything that an upload can do
 * without: storage, locks and the like only save work, and some browsers never answer.
 *
 * @param milliseconds timeout. Default: one second, because some of these calls delay the first byte
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
