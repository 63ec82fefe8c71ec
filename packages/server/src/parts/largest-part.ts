import type { StoredPart } from '@carryon/object-store'
import { firstGroup, largestPartSize, sizeOf } from '@carryon/protocol'
import type { UploadRow } from '../repository/upload-row.js'
import { openPlan } from './part-plan.js'

/** Bytes of the largest part that this upload may have, at least 1: what a permission to send its parts is bound to. */
export function largestPartOf({ size, partSize }: Pick<UploadRow, 'size' | 'partSize'>): number {
  return Math.max(1, Math.min(largestPartSize(size, partSize), size))
}

/** Bytes of a part where nobody can choose them any more; `undefined` where the client decides, or there is no such part. */
export function settledSizeOf(row: UploadRow, partNumber: number): number | undefined {
  if (partNumber > row.partCount || (row.grows === 1 && partNumber > firstGroup)) return undefined
  return sizeOf(openPlan(row, []), partNumber)
}

/**
 * Two machines that go on with one upload at the same moment may cut it differently, and store each byte twice. That is
 * mended by sending some of it again; more is nobody's file.
 */
const honestCopies = 2

/** Whether the store holds more of an upload than a file of its size can be the reason for. */
export function isOversize({ size }: Pick<UploadRow, 'size'>, parts: readonly StoredPart[]): boolean {
  let stored = 0
  for (const part of parts) stored += part.size
  return stored > honestCopies * size
}
