import type { Crc64Part } from '@carryon/object-store'
import type { Engine } from './engine.js'
import { rangeOf } from './part-plan.js'
import type { PartPlan } from './part-plan.js'
import type { FileSource } from './seams.js'
import { TaskGroup } from './task-group.js'

/**
 * Reads the whole file, part by part and several at once, and answers the CRC-64 of each in order.
 *
 * @param check called with each as it is known; throws to stop
 */
export async function crcsOfParts(
  engine: Pick<Engine, 'hasher' | 'hashPlaces'>,
  file: FileSource,
  plan: PartPlan,
  signal: AbortSignal,
  check: (partNumber: number, crc64: string) => void = () => undefined,
): Promise<readonly Crc64Part[]> {
  const crcs: Crc64Part[] = []
  const group = new TaskGroup(signal)
  group.spawn(async (scope) => {
    for (let partNumber = 1; partNumber <= plan.partCount; partNumber++) {
      const leave = await engine.hashPlaces.enter(scope)
      const { start, end } = rangeOf(plan, partNumber)
      group.spawn(async (inner) => {
        const slices = [file.slice(start, end)]
        const { crc64 = '', size } = await engine.hasher.hash(slices, ['crc64'], inner).finally(leave)
        check(partNumber, crc64)
        crcs[partNumber - 1] = { crc64, size }
      })
    }
  })
  await group.ended()
  return crcs
}
