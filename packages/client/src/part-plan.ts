/** How a file is cut: `partCount` parts of `partSize` bytes, of which the last may be smaller. */
export interface PartPlan {
  /** Bytes of the file. */
  readonly size: number
  /** Bytes of every part but the last. */
  readonly partSize: number
  readonly partCount: number
}

/** The most parts that COS and S3 take (COS 436/14518). */
const maxParts = 10_000

/**
 * The plan for a size and a part size; a file of 0 bytes is one part of 0 bytes.
 *
 * @throws RangeError when it would have more than 10 000 parts, or a number is out of range
 */
export function planParts(size: number, partSize: number): PartPlan {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`No file has ${size} bytes.`)
  if (!Number.isSafeInteger(partSize) || partSize < 1) throw new RangeError(`No part has ${partSize} bytes.`)
  const partCount = Math.max(1, Math.ceil(size / partSize))
  if (partCount > maxParts) {
    throw new RangeError(
      `${size} bytes in parts of ${partSize} are ${partCount} parts; a store takes ${maxParts}.`,
    )
  }
  return { size, partSize, partCount }
}

/** Bytes `start` (inclusive) to `end` (exclusive) of part `partNumber`, 1 to `partCount`. */
export function rangeOf(
  plan: PartPlan,
  partNumber: number,
): { readonly start: number; readonly end: number } {
  const start = (partNumber - 1) * plan.partSize
  return { start, end: Math.min(start + plan.partSize, plan.size) }
}

/** Bytes of part `partNumber`. */
export function sizeOf(plan: PartPlan, partNumber: number): number {
  const { start, end } = rangeOf(plan, partNumber)
  return end - start
}
