import type { StoredPart } from '@carryon/object-store'
import { mayBeTail, type PartPlan, tailStepOf, withTail } from './part-plan.js'

/**
 * What size the parts after `plan.tailAfter` were given, as the stored ones show: so whoever goes on, on whatever machine,
 * cuts the file as it was begun, and nobody had to be told. `null`: none is there, or none may be larger.
 *
 * It is no proof of anything. Parts of a wrong guess are compared with the file like others, differ, and are sent again.
 *
 * @param size Bytes of the file.
 */
export function tailPartSizeIn(plan: PartPlan, size: number, stored: readonly StoredPart[]): number | null {
  const { tailAfter } = plan
  if (tailAfter === null) return null
  const tail = stored.filter(({ partNumber }) => partNumber > tailAfter)
  const last = tail.at(-1)
  if (last === undefined) return null
  // Should two machines have sent parts of different sizes at once, there have to be numbers for all of them: one that
  // is left over cannot be removed, and Ceph RGW completes no upload that has one.
  const told = [mostOf(tail), sizeByLast(plan, size, last)].find(
    (bytes) => mayBeTail(plan, bytes) && withTail(plan, size, bytes).partCount >= last.partNumber,
  )
  return told ?? plan.partSize
}

/** The size that most of the bytes have. */
function mostOf(parts: readonly StoredPart[]): number {
  const bytesOf = new Map<number, number>()
  for (const { size } of parts) bytesOf.set(size, (bytesOf.get(size) ?? 0) + size)
  return [...bytesOf].reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}

/** The file's last part may be smaller; where it begins says how large those before it are. */
function sizeByLast({ tailAfter, partSize }: PartPlan, size: number, last: StoredPart): number {
  const before = last.partNumber - 1 - (tailAfter ?? 0)
  const step = tailStepOf(partSize)
  if (before === 0) return Math.max(partSize, Math.ceil(last.size / step) * step)
  return (size - (tailAfter ?? 0) * partSize - last.size) / before
}
