import { withTimeout } from '../../async/with-timeout.js'
import type { Clock } from '../../ports.js'

/** Milliseconds: a large list on a slow disk takes seconds; after this time no answer is expected. */
const timeout = 10_000

/**
 * Resolves with the result of `work`. Rejects when it does, or after `timeout`, because some browsers' storage never
 * answers.
 */
export async function withStorageTimeout<T>(work: () => Promise<T>, clock: Clock): Promise<T> {
  const answer = await withTimeout(async () => [await work()] as const, null, clock, timeout)
  if (answer === null) throw new Error('The storage fails, or does not answer.')
  return answer[0]
}
