import type { StoreCapabilities } from '@carryon/object-store'
import { isGroupStart, largestPartSize, planOpenParts, planParts, storedSizes } from '@carryon/protocol'
import type { PartPlan, PartRun, SizedPart } from '@carryon/protocol'
import type { UploadRow } from '../repository/upload-row.js'

export type PartLimits = Pick<
  StoreCapabilities,
  'minPartSize' | 'maxPartSize' | 'maxParts' | 'maxObjectSize' | 'equalParts'
>

/** The initial parts of an upload. */
export interface FirstParts {
  /** Size in bytes, whole MiB, of the first parts; of all parts unless they grow. */
  readonly partSize: number
  /** Valid while the store holds no part. */
  readonly partCount: number
  /** 1: the client decides the sizes of later parts, group by group. */
  readonly grows: 0 | 1
}

const MiB = 2 ** 20

/** 8 MiB take about a second on a usual line, so a lost part costs little and the number of requests stays small. */
const defaultPartSize = 8 * MiB
/** Bytes. Above it, a lost part costs more than the saved requests; a file that needs larger parts still gets them. */
const maxRequestedSize = 64 * MiB

/**
 * Plans the first parts of a new upload of `size` bytes.
 *
 * @param size Bytes, 0 to {@link largestFile}.
 * @param limits What the store allows.
 * @param requested The client's part size in bytes; used between 1 and 64 MiB if store and file allow it; ignored if parts grow.
 * @param mayGrow Whether the client decides the sizes of later parts; ignored for a store that requires equal parts.
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
  // Nothing is known of the line yet, so growing parts start at the smallest size.
  const wanted = grows === 1 ? MiB : Math.min(Math.max(requested, MiB), maxRequestedSize)
  const wished = Math.max(wholeMiB(wanted), wholeMiB(limits.minPartSize))
  const needed = grows === 1 ? 0 : wholeMiB(Math.ceil(size / limits.maxParts))
  const partSize = Math.min(Math.max(wished, needed), largestPart(limits))
  return { partSize, grows, partCount: openPlan({ size, partSize, grows }, []).partCount }
}

/** The part plan of an open upload, as far as the stored parts determine it. */
export function openPlan(
  { size, partSize, grows }: Pick<UploadRow, 'size' | 'partSize' | 'grows'>,
  stored: readonly SizedPart[],
): PartPlan {
  if (grows === 0) return planParts(size, partSize)
  const { runs, fixed } = storedSizes(size, partSize, stored)
  return planOpenParts(size, runs, fixed)
}

/** The part plan given by the part runs of a complete request; absent or `null`: all parts have the same size. */
export function planOf(
  { mode, size, partSize }: Pick<UploadRow, 'mode' | 'size' | 'partSize'>,
  runs: readonly PartRun[] | null | undefined,
): PartPlan {
  if (mode === 'single') return planParts(size, Math.max(1, size))
  return planParts(size, runs ?? partSize)
}

/** Why this upload cannot have these part runs; `null` if it can. */
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
    return error instanceof RangeError ? error.message : 'these are not valid part runs'
  }
}

/** Bytes of the largest file that a plan exists for. */
export function largestFile(limits: PartLimits): number {
  return Math.min(limits.maxObjectSize, limits.maxParts * largestPart(limits))
}

const largestPart = (limits: PartLimits) => Math.floor(limits.maxPartSize / MiB) * MiB
const wholeMiB = (bytes: number) => Math.ceil(bytes / MiB) * MiB
