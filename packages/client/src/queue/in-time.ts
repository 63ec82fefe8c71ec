import { answeredSoon } from '../async/answered-soon.js'
import type { Clock } from '../seams.js'

/** Milliseconds: a large list on a slow disk takes seconds; what takes longer is not answered at all. */
const patience = 10_000

/** What `work` resolves to. Rejects when it does, or has not answered for long: some browsers' storage never does. */
export async function inTime<T>(work: () => Promise<T>, clock: Clock): Promise<T> {
  const answer = await answeredSoon(async () => [await work()] as const, null, clock, patience)
  if (answer === null) throw new Error('The storage fails, or does not answer.')
  return answer[0]
}
