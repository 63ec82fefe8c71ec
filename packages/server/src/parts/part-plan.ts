import type { StoreCapabilities } from '@carryon/object-store'
import { isGroupStart, largestPartSize, planOpenParts, planParts, storedSizes } from '@carryon/protocol'
import type { PartPlan, PartRun, SizedPart } from '@carryon/protocol'
import type { UploadRow } from '../repository/upload-row.js'

export type PartLimits = Pick<
  StoreCapabilities,
  'minPartSize' | 'maxPartSize' | 'maxParts' | 'maxObjectSize' | 'equalParts'
>

/** What an upload is opened with. */
export interface FirstParts {
  /** Bytes, whole MiB; of the first parts, and of all where they do not grow. */
  readonly partSize: number
  /** As long as the store holds none of it. */
  readonly partCount: number
  /** 1: the client decides group by group how large the later parts are. */
  readonly grows: 0 | 1
}

const MiB = 2 ** 20

/** Eight MiB: a second or so on a usual line, so a lost part costs little, and still few requests. */
const defaultPartSize = 8 * MiB
/** Beyond it a lost part costs more than the requests saved; a file that needs more gets more. Bytes. */
const maxRequestedSize = 64 * MiB

/**
 * How a new upload of `size` bytes begins.
 *
 * @param size Bytes, 0 to {@link largestFile}.
 * @param limits What the store allows.
 * @param requested The client's part size in bytes; honoured between 1 and 64 MiB as far as store and file allow; none where parts grow.
 * @param mayGrow Whether the client decides the sizes of later parts; a store that wants equal parts has the last word.
 * @throws RangeError when no plan fits the store.
 * @example firstParts(20_000_000, store.capabilities) // { partSize: 8388608, partCount: 3, grows: 0 }
 */
export function firstParts(
  size: number,
  limits: PartLimits,
  requested = defaultPartSize,
  mayGrow = false,
): FirstParts {
  if (!(size >= 0 && size <= largestFile(limits))) {
    throw new RangeError(`a file of ${size} bytes does not fit ${limits.maxParts} parts of this store`)
  }
  const grows = mayGrow && !limits.equalParts ? 1 : 0
  // Nothing is known of the line yet: what grows begins with the least.
  const wanted = grows === 1 ? MiB : Math.min(Math.max(requested, MiB), maxRequestedSize)
  const wished = Math.max(wholeMiB(wanted), wholeMiB(limits.minPartSize))
  const needed = grows === 1 ? 0 : wholeMiB(Math.ceil(size / limits.maxParts))
  const partSize = Math.min(Math.max(wished, needed), largestPart(limits))
  return { partSize, grows, partCount: openPlan({ size, partSize, grows }, []).partCount }
}

/** How an open upload is cut, as far as the parts that the store holds tell. */
export function openPlan(
  { size, partSize, grows }: Pick<UploadRow, 'size' | 'partSize' | 'grows'>,
  stored: readonly SizedPart[],
): PartPlan {
  if (grows === 0) return planParts(size, partSize)
  const { runs, fixed } = storedSizes(size, partSize, stored)
  return planOpenParts(size, runs, fixed)
}

/** How an upload is cut by the part runs of a complete request; absent or `null`: all parts have one size. */
export function planOf(
  { mode, size, partSize }: Pick<UploadRow, 'mode' | 'size' | 'partSize'>,
  runs: readonly PartRun[] | null | undefined,
): PartPlan {
  if (mode === 'single') return planParts(size, Math.max(1, size))
  return planParts(size, runs ?? partSize)
}

/** Why parts of this upload cannot be cut so; `null` when they can. */
export function refusalOfRuns(
  { size, partSize, grows }: Pick<UploadRow, 'size' | 'partSize' | 'grows'>,
  runs: readonly PartRun[],
): string | null {
  if (grows === 0 && runs.length > 1) return 'all parts of this upload have one size'
  if (runs[0]?.after !== 0 || runs[0].partSize !== partSize) {
    return `the first parts of this upload have ${partSize} bytes`
  }
  if (!runs.every(({ after }) => isGroupStart(after))) {
    return 'sizes change after part 4 and then after each eight parts only'
  }
  const most = largestPartSize(size, partSize)
  if (runs.some((run) => run.partSize < partSize || run.partSize > most)) {
    return `parts of this upload have ${partSize} to ${most} bytes`
  }
  try {
    planParts(size, runs)
    return null
  } catch (error) {
    return error instanceof RangeError ? error.message : 'these are no runs of parts'
  }
}

/** Bytes of the largest file that a plan exists for. */
export function largestFile(limits: PartLimits): number {
  return Math.min(limits.maxObjectSize, limits.maxParts * largestPart(limits))
}

const largestPart = (limits: PartLimits) => Math.floor(limits.maxPartSize / MiB) * MiB
const wholeMiB = (bytes: number) => Math.ceil(bytes / MiB) * MiB
