import type { StoreCapabilities } from '@carryon/object-store'

/** How one file is cut: parts of one size, of which those after some may be larger. */
export interface PartPlan {
  /** Bytes, whole MiB; every part but the last has this size, as far as {@link tailAfter} does not say otherwise. */
  readonly partSize: number
  /** At least 1: an empty file is one empty part. */
  readonly partCount: number
  /** Parts after this number may be larger than `partSize`; `null`: none may. */
  readonly tailAfter: number | null
  /** Bytes of those but the last, at least `partSize`, in steps of an eighth of it; `null`: `partSize`, or not decided yet. */
  readonly tailPartSize: number | null
}

export type PartLimits = Pick<
  StoreCapabilities,
  'minPartSize' | 'maxPartSize' | 'maxParts' | 'maxObjectSize' | 'equalParts'
>

const MiB = 2 ** 20

/** Bytes. A file up to this size goes as one PUT when the client has hashed it. */
export const largestSinglePut = 8 * MiB
/** Eight MiB: a second or so on a usual line, so a lost part costs little, and still few requests. */
const defaultPartSize = 8 * MiB
/** Beyond it a lost part costs more than the requests saved; a file that needs more gets more. */
const largestWish = 64 * MiB
/**
 * Three more than a browser has in flight: when the one after them is looked for, three have arrived, and show what the
 * line carries; after one alone a store that takes its time made fast lines look slow. And lanes that begin together end
 * together, with the line idle while all of them wait for the store: three that send one small part more do so apart.
 */
const headParts = 9

/**
 * Cuts a file of `size` bytes.
 *
 * @param size Bytes, 0 to {@link largestFile}.
 * @param limits What the store allows.
 * @param wish The client's part size in bytes; honoured between 1 and 64 MiB as far as store and file allow.
 * @throws RangeError when no plan fits the store.
 * @example planParts(20_000_000, store.capabilities) // { partSize: 8388608, partCount: 3, tailAfter: null, … }
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
  const partCount = Math.max(1, Math.ceil(size / fitting))
  const tailAfter = limits.equalParts || partCount <= headParts ? null : headParts
  return { partSize: fitting, partCount, tailAfter, tailPartSize: null }
}

/** As `plan`, but with parts of `tailPartSize` bytes after `tailAfter`. A file that has no parts there stays as it is. */
export function withTail(
  { partSize, partCount, tailAfter }: PartPlan,
  size: number,
  tailPartSize: number | null,
): PartPlan {
  if (tailAfter === null) return { partSize, partCount, tailAfter, tailPartSize: null }
  const tail = Math.ceil((size - tailAfter * partSize) / (tailPartSize ?? partSize))
  return { partSize, partCount: tailAfter + tail, tailAfter, tailPartSize }
}

/** Whether parts in the tail may have that size, bytes. */
export function mayBeTail({ partSize, tailAfter }: PartPlan, tailPartSize: number): boolean {
  return tailAfter !== null && tailPartSize >= partSize && tailPartSize % tailStepOf(partSize) === 0
}

/** Bytes: what the size of the parts in the tail is a whole number of. */
export function tailStepOf(partSize: number): number {
  return partSize / 8
}

/** Bytes of the largest file that a plan exists for. */
export function largestFile(limits: PartLimits): number {
  return Math.min(limits.maxObjectSize, limits.maxParts * largestPart(limits))
}

/** Bytes of part `partNumber` (1 to `partCount`). */
export function sizeOfPart(plan: PartPlan, size: number, partNumber: number): number {
  const { partSize, tailAfter, tailPartSize } = plan
  const inTail = tailAfter !== null && tailPartSize !== null && partNumber > tailAfter
  const start = inTail
    ? tailAfter * partSize + (partNumber - 1 - tailAfter) * tailPartSize
    : (partNumber - 1) * partSize
  return Math.min(inTail ? tailPartSize : partSize, size - start)
}

const largestPart = (limits: PartLimits) => Math.floor(limits.maxPartSize / MiB) * MiB
const wholeMiB = (bytes: number) => Math.ceil(bytes / MiB) * MiB
