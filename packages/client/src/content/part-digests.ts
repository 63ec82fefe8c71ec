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
  /** Limits how many parts are hashed at once. */
  readonly hashLimit: Semaphore
}

/**
 * Reads the whole file, several parts at once, and returns the digests of the parts in order. Each part acquires
 * `hashLimit` separately, so that no file waits for the whole of another.
 *
 * @param check called with the digests of each part, in any order; throws to stop
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

/** CRC-64 of the whole file: known for a local copy, else read. `null` if this type was not computed for the copy. */
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

/** CRC-64 of the whole file, combined from those of its parts in order. */
export function wholeCrc64(parts: readonly Digests[], crc64Type: Crc64Type): string {
  return combineAll(
    parts.map(({ crc64 = '', size }) => ({ crc64, size })),
    crc64Type,
  )
}
