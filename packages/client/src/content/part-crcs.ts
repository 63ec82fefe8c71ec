import type { Crc64Part, Crc64Type } from '@carryon/hash'
import { digestParts } from './part-digests.js'
import type { Hashing } from './part-digests.js'
import type { PartPlan } from '@carryon/protocol'
import type { FileSource } from '../ports.js'

/**
 * Reads the whole file, part by part and several at once, and answers the CRC-64 of each in order.
 *
 * @param check called with each as it is known; throws to stop
 */
export async function crcsOfParts(
  hashing: Hashing,
  file: FileSource,
  plan: PartPlan,
  crc64Type: Crc64Type,
  signal: AbortSignal,
  check: (partNumber: number, crc64: string) => void = () => undefined,
): Promise<readonly Crc64Part[]> {
  const digests = await digestParts(hashing, file, plan, [crc64Type], signal, (partNumber, { crc64 = '' }) =>
    check(partNumber, crc64),
  )
  return digests.map(({ crc64 = '', size }) => ({ crc64, size }))
}
