import type { StoreCapabilities } from '@carryon/object-store'

/** How one file is cut. Fixed for the life of an upload. */
export interface PartPlan {
  /** Bytes, whole MiB; every part but the last has this size. */
  readonly partSize: number
  /** At least 1: an empty file is one empty part. */
  readonly partCount: number
}

export type PartLimits = Pick<StoreCapabilities, 'minPartSize' | 'maxPartSize' | 'maxParts' | 'maxObjectSize'>

const MiB = 2 ** 20

/** Bytes. A file up to this size goes as one PUT when the client has hashed it. */
export const largestSinglePut = 8 * MiB
/** Eight MiB: a second or so on a usual line, so a lost part costs little, and still few requests. */
const defaultPartSize = 8 * MiB
/** Beyond it a lost part costs more than the requests saved; a file that needs more gets more. */
const largestWish = 64 * MiB

/**
 * Cuts a file of `size` bytes.
 *
 * @param size Bytes, 0 to {@link largestFile}.
 * @param limits What the store allows.
 * @param wish The client's part size in bytes; honoured between 1 and 64 MiB as far as store and file allow.
 * @throws RangeError when no plan fits the store.
 * @example planParts(20_000_000, store.capabilities) // { partSize: 8388608, partCount: 3 }
 */
export function planParts(size: number, limits: PartLimits, wish = defaultPartSize): PartPlan {
  const wished = wholeMiB(Math.min(Math.max(wish, MiB), largestWish))
  const smallest = wholeMiB(limits.minPartSize)
  const needed = wholeMiB(Math.ceil(size / limits.maxParts))
  const partSize = Math.max(wished, smallest, needed)
  if (!(size >= 0 && size <= largestFile(limits))) {
    throw new RangeError(`a file of ${size} bytes does not fit ${limits.maxParts} parts of this store`)
  }
  const fitting = Math.min(partSize, largestPart(limits))
  return { partSize: fitting, partCount: Math.max(1, Math.ceil(size / fitting)) }
}

/** Bytes of the largest file that a plan exists for. */
export function largestFile(limits: PartLimits): number {
  return Math.min(limits.maxObjectSize, limits.maxParts * largestPart(limits))
}

/** Bytes of part `partNumber` (1 to `partCount`). */
export function sizeOfPart(plan: PartPlan, size: number, partNumber: number): number {
  return partNumber < plan.partCount ? plan.partSize : size - (plan.partCount - 1) * plan.partSize
}

const largestPart = (limits: PartLimits) => Math.floor(limits.maxPartSize / MiB) * MiB
const wholeMiB = (bytes: number) => Math.ceil(bytes / MiB) * MiB
