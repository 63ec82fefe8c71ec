import { rangeOf } from '@carryon/protocol'
import type { PartPlan } from '@carryon/protocol'
import type { Semaphore } from '../async/semaphore.js'
import type { DigestName, Digests, FileSource, Hasher } from '../ports.js'
import { TaskGroup } from '../async/task-group.js'

/** What reading and hashing a file needs. */
export interface Hashing {
  readonly hasher: Hasher
  /** Parts that are hashed. */
  readonly hashLimit: Semaphore
}

/**
 * Reads the whole file, part by part and several at once, and answers the digests of each in order. Each part takes a
 * place of its own among all that is hashed, so that no file waits for the whole of another.
 *
 * @param check called with each as it is known, in any order; throws to stop
 */
export async function digestParts(
  hashing: Hashing,
  file: FileSource,
  plan: PartPlan,
  names: readonly DigestName[],
  signal: AbortSignal,
  check: (partNumber: number, digests: Digests) => void,
): Promise<readonly Digests[]> {
  const digests: Digests[] = []
  const group = new TaskGroup(signal)
  group.spawn(async (scope) => {
    for (let partNumber = 1; partNumber <= plan.partCount; partNumber++) {
      const leave = await hashing.hashLimit.acquire(scope)
      const { start, end } = rangeOf(plan, partNumber)
      group.spawn(async (inner) => {
        const part = await hashing.hasher.hash([file.slice(start, end)], names, inner).finally(leave)
        check(partNumber, part)
        digests[partNumber - 1] = part
      })
    }
  })
  await group.ended()
  return digests
}
