import type { StoredPart } from '@carryon/object-store'
import { firstGroup, largestPartSize, sizeOf } from '@carryon/protocol'
import type { UploadRow } from '../repository/upload-row.js'
import { openPlan } from './part-plan.js'

/** Bytes of the largest part that this upload may have, at least 1. Access grants are limited to it. */
export function largestPartOf({ size, partSize }: Pick<UploadRow, 'size' | 'partSize'>): number {
  return Math.max(1, Math.min(largestPartSize(size, partSize), size))
}

/** Bytes of a part whose size is fixed; `undefined` if the client decides the size, or there is no such part. */
export function fixedSizeOf(row: UploadRow, partNumber: number): number | undefined {
  if (partNumber > row.partCount || (row.grows === 1 && partNumber > firstGroup)) return undefined
  return sizeOf(openPlan(row, []), partNumber)
}

/**
 * Two machines that resume one upload at the same moment may use different part sizes, and so store each byte twice.
 * Completing then requires sending some of it again; more than that is abuse.
 */
const maxStoredRatio = 2

/** Whether the store holds far more bytes for an upload than its file has. */
export function isOversize({ size }: Pick<UploadRow, 'size'>, parts: readonly StoredPart[]): boolean {
  let stored = 0
  for (const part of parts) stored += part.size
  return stored > maxStoredRatio * size
}
