/** Parts after part number `after`, up to the next run, have `partSize` bytes each; the file's last part may be smaller. */
export interface PartRun {
  /** 0 for the first run. */
  readonly after: number
  /** Bytes, at least 1. */
  readonly partSize: number
}

/** How a file is divided into parts. */
export interface PartPlan {
  /** Bytes of the file. */
  readonly size: number
  /**
   * In ascending order, the first with `after` 0; each run differs in size from the previous one and holds at least
   * one part.
   */
  readonly runs: readonly PartRun[]
  /** At least 1: an empty file is one part of 0 bytes. */
  readonly partCount: number
}

/** The most parts of one upload that COS and S3 accept (COS 436/14518; S3 "Multipart upload limits"). */
export const maxParts = 10_000

/**
 * Part sizes are chosen group by group while a file is sent: all parts of a group have one size. The first group has
 * this many parts: few, so that a fast connection soon gets larger parts.
 */
export const firstGroup = 4
/**
 * Parts in each later group: more than a browser has in flight (6). A group without stored parts therefore never
 * precedes a group with some, and the store's list reveals all sizes.
 */
export const groupSize = 8

/** Whether a group begins after part number `after`, 0 or more. */
export function isGroupStart(after: number): boolean {
  return after === 0 || (after >= firstGroup && (after - firstGroup) % groupSize === 0)
}

/** The number of the last part of the group that part `partNumber` (1 or more) is in. */
export function lastOfGroup(partNumber: number): number {
  if (partNumber <= firstGroup) return firstGroup
  return firstGroup + Math.ceil((partNumber - firstGroup) / groupSize) * groupSize
}

/**
 * The plan for a size and part sizes.
 *
 * @param sizes bytes of every part, or the runs
 * @throws RangeError when the plan would have more than 10 000 parts, or a number is out of range
 * @example planParts(20, 8) // { size: 20, runs: [{ after: 0, partSize: 8 }], partCount: 3 }
 */
export function planParts(size: number, sizes: number | readonly PartRun[]): PartPlan {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`No file has ${size} bytes.`)
  const wanted = typeof sizes === 'number' ? [{ after: 0, partSize: sizes }] : sizes
  const runs: PartRun[] = []
  let start = 0
  for (const run of wanted) {
    const { after, partSize } = run
    const before = runs.at(-1)
    if (!Number.isSafeInteger(partSize) || partSize < 1)
      throw new RangeError(`No part has ${partSize} bytes.`)
    if (!Number.isSafeInteger(after) || (before === undefined ? after !== 0 : after <= before.after)) {
      throw new RangeError(`No parts begin after part ${after} here.`)
    }
    if (before !== undefined) {
      const next = start + (after - before.after) * before.partSize
      if (next >= size) break
      if (partSize === before.partSize) continue
      start = next
    }
    runs.push({ after, partSize })
  }
  const last = runs.at(-1)
  if (last === undefined) throw new RangeError('A file is cut into parts of at least one size.')
  const partCount = Math.max(1, last.after + Math.ceil((size - start) / last.partSize))
  if (partCount > maxParts) {
    throw new RangeError(
      `${size} bytes in parts of ${last.partSize} are ${partCount} parts; a store takes ${maxParts}.`,
    )
  }
  return { size, runs, partCount }
}

/**
 * The plan while only the sizes of the parts up to `fixed` are decided. Assumes that later parts have the size of the
 * last decided one, or more if the file would otherwise not fit into 10 000 parts.
 */
export function planOpenParts(size: number, runs: readonly PartRun[], fixed: number): PartPlan {
  const decided = runs.filter(({ after }) => after < fixed)
  const last = decided.at(-1)
  if (last === undefined) return planParts(size, runs)
  const least = leastPartSize(size - rangeOf({ size, runs: decided }, fixed + 1).start, fixed)
  return planParts(size, least > last.partSize ? [...decided, { after: fixed, partSize: least }] : decided)
}

/**
 * Least part size in bytes for `rest` bytes to fit into the part numbers after `used`; whole MiB if more than one
 * MiB.
 *
 * @throws RangeError when no part number is left
 */
export function leastPartSize(rest: number, used: number): number {
  if (rest <= 0) return 1
  const numbers = maxParts - used
  if (numbers < 1) throw new RangeError(`A store takes ${maxParts} parts; ${rest} bytes are left over.`)
  const needed = Math.ceil(rest / numbers)
  return needed <= wholeMiB ? needed : Math.ceil(needed / wholeMiB) * wholeMiB
}

/**
 * Largest part size in bytes for a file of `size` whose first parts have `first` bytes: 64 MiB, because losing a
 * larger part costs more than its saved requests; for a file that needs larger parts, twice the least size.
 */
export function largestPartSize(size: number, first: number): number {
  return Math.max(64 * wholeMiB, 2 * leastPartSize(size, 0), first)
}

/** Bytes `start` (inclusive) to `end` (exclusive) of part `partNumber`, 1 to `partCount`. */
export function rangeOf(
  { size, runs }: Pick<PartPlan, 'size' | 'runs'>,
  partNumber: number,
): { readonly start: number; readonly end: number } {
  // Binary search: an upload may have 1 250 runs, and each of its parts is looked up more than once.
  let [low, high] = [0, runs.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((runs[middle]?.after ?? 0) < partNumber) low = middle
    else high = middle
  }
  const { after = 0, partSize = 0 } = runs[low] ?? {}
  const start = (startsOf(runs)[low] ?? 0) + (partNumber - 1 - after) * partSize
  return { start: Math.min(start, size), end: Math.min(start + partSize, size) }
}

/** Bytes of part `partNumber`. */
export function sizeOf(plan: PartPlan, partNumber: number): number {
  const { start, end } = rangeOf(plan, partNumber)
  return end - start
}

/** Bytes of all parts in order. Walks the runs once, so it is cheaper than calling {@link sizeOf} for each part. */
export function partSizes({ size, runs, partCount }: PartPlan): number[] {
  const sizes: number[] = []
  let start = 0
  runs.forEach(({ after, partSize }, index) => {
    const end = Math.min(runs[index + 1]?.after ?? partCount, partCount)
    for (let number = after; number < end; number += 1) {
      sizes.push(Math.max(0, Math.min(partSize, size - start)))
      start += partSize
    }
  })
  return sizes
}

/** The number of the part that contains the byte at `position`. */
export function partAt({ runs }: PartPlan, position: number): number {
  let number = 1
  let start = 0
  runs.forEach(({ after, partSize }, index) => {
    if (position < start) return
    number = after + Math.floor((position - start) / partSize) + 1
    start += ((runs[index + 1]?.after ?? Infinity) - after) * partSize
  })
  return number
}

/** Whether both plans divide a file of the same size into the same parts. */
export function isCutAlike(one: PartPlan, other: PartPlan): boolean {
  return (
    one.size === other.size &&
    one.runs.length === other.runs.length &&
    one.runs.every(({ after, partSize }, index) => {
      const same = other.runs[index]
      return same?.after === after && same.partSize === partSize
    })
  )
}

const wholeMiB = 2 ** 20

const known = new WeakMap<readonly PartRun[], readonly number[]>()

/** Byte position where each run begins, regardless of the file's size. */
function startsOf(runs: readonly PartRun[]): readonly number[] {
  let starts = known.get(runs)
  if (starts?.length !== runs.length) {
    let start = 0
    starts = runs.map(({ after }, index) => {
      const before = runs[index - 1]
      if (before !== undefined) start += (after - before.after) * before.partSize
      return start
    })
    known.set(runs, starts)
  }
  return starts
}
