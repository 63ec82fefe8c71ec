/** How a file is cut: `partCount` parts of `partSize` bytes, those in the tail of another size; the last may be smaller. */
export interface PartPlan {
  /** Bytes of the file. */
  readonly size: number
  /** Bytes of every part but the last, and but those of the tail. */
  readonly partSize: number
  readonly partCount: number
  /** `null`: all parts are of one size. */
  readonly tail: PartTail | null
}

/** The parts after part number `after`, `partSize` bytes each but for the last. */
export interface PartTail {
  readonly after: number
  readonly partSize: number
}

/** The most parts that COS and S3 take (COS 436/14518). */
const maxParts = 10_000

/**
 * The plan for a size and a part size; a file of 0 bytes is one part of 0 bytes.
 *
 * @throws RangeError when it would have more than 10 000 parts, or a number is out of range
 */
export function planParts(size: number, partSize: number, tail: PartTail | null = null): PartPlan {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`No file has ${size} bytes.`)
  for (const bytes of [partSize, tail?.partSize ?? partSize]) {
    if (!Number.isSafeInteger(bytes) || bytes < 1) throw new RangeError(`No part has ${bytes} bytes.`)
  }
  const head = tail === null ? size : tail.after * partSize
  const hasTail = tail !== null && size > head
  const partCount = hasTail
    ? tail.after + Math.ceil((size - head) / tail.partSize)
    : Math.max(1, Math.ceil(size / partSize))
  if (partCount > maxParts) {
    throw new RangeError(
      `${size} bytes in parts of ${partSize} are ${partCount} parts; a store takes ${maxParts}.`,
    )
  }
  return { size, partSize, partCount, tail: hasTail && tail.partSize !== partSize ? tail : null }
}

/** Bytes `start` (inclusive) to `end` (exclusive) of part `partNumber`, 1 to `partCount`. */
export function rangeOf(
  { size, partSize, tail }: PartPlan,
  partNumber: number,
): { readonly start: number; readonly end: number } {
  if (tail === null || partNumber <= tail.after) {
    const start = (partNumber - 1) * partSize
    return { start, end: Math.min(start + partSize, size) }
  }
  const start = tail.after * partSize + (partNumber - 1 - tail.after) * tail.partSize
  return { start, end: Math.min(start + tail.partSize, size) }
}

/** Bytes of part `partNumber`. */
export function sizeOf(plan: PartPlan, partNumber: number): number {
  const { start, end } = rangeOf(plan, partNumber)
  return end - start
}

/** The number of the part that the byte at `position` is in. */
export function partAt({ partSize, tail }: PartPlan, position: number): number {
  const head = tail === null ? Infinity : tail.after * partSize
  if (tail === null || position < head) return Math.floor(position / partSize) + 1
  return tail.after + Math.floor((position - head) / tail.partSize) + 1
}

/** Whether both cut a file of one size alike. */
export function isCutAlike(one: Cut, other: Cut): boolean {
  return (
    one.partSize === other.partSize &&
    one.tail?.after === other.tail?.after &&
    one.tail?.partSize === other.tail?.partSize
  )
}

type Cut = Pick<PartPlan, 'partSize'> & { readonly tail?: PartTail | null }
