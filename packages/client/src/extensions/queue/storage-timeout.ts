import { withTimeout } from '../../async/with-timeout.js'
import type { Clock } from '../../ports.js'

/** Milliseconds: a large list on a slow disk takes seconds; what takes longer is not answered at all. */
const timeout = 10_000

/** What `work` resolves to. Rejects when it does, or has not answered for long: some browsers' storage never does. */
export async function withStorageTimeout<T>(work: () => Promise<T>, clock: Clock): Promise<T> {
  const answer = await withTimeout(async () => [await work()] as const, null, clock, timeout)
  if (answer === null) throw new Error('The storage fails, or does not answer.')
  return answer[0]
}
