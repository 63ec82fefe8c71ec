import { combineAll } from '@carryon/hash'
import type { Crc64Type } from '@carryon/hash'
import { planParts, rangeOf } from '@carryon/protocol'
import type { PartPlan } from '@carryon/protocol'
import type { Semaphore } from '../async/semaphore.js'
import { TaskGroup } from '../async/task-group.js'
import type { DigestName, Digests, FileSource, Hasher } from '../ports.js'

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
  check: (partNumber: number, digests: Digests) => void = () => undefined,
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

/** Bytes read and hashed at a time. */
const readSize = 16 * 2 ** 20

/** CRC-64 of the whole: of a copy as it is known, else read. `null`: this kind of it was not computed for the copy. */
export async function crc64OfFile(
  hashing: Hashing,
  file: FileSource,
  crc64Type: Crc64Type,
  signal: AbortSignal,
): Promise<string | null> {
  if (file.known !== undefined) return file.known.crc64(crc64Type)
  return wholeCrc64(
    await digestParts(hashing, file, planParts(file.size, readSize), [crc64Type], signal),
    crc64Type,
  )
}

/** CRC-64 of the whole from those of its parts in order. */
export function wholeCrc64(parts: readonly Digests[], crc64Type: Crc64Type): string {
  return combineAll(
    parts.map(({ crc64 = '', size }) => ({ crc64, size })),
    crc64Type,
  )
}
