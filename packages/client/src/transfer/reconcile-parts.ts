import { sizeOf } from '@carryon/protocol'
import type { PartPlan, StoredPartInfo } from '@carryon/protocol'
import { unquoted } from './uploaded-part.js'
import type { UploadedPart } from './uploaded-part.js'

export interface ReconciledParts {
  /** Part numbers to send, ascending. */
  readonly missing: readonly number[]
  /** Parts that the store holds with the right size, not yet verified; ascending. */
  readonly found: readonly StoredPartInfo[]
  /** Part numbers that were uploaded and that the store has lost or replaced since. */
  readonly lost: readonly number[]
}

/**
 * Sorts the parts of the plan by what the store lists and what this page has verified before.
 *
 * @param upTo the last part number to consider
 */
export function reconcileParts(
  plan: PartPlan,
  stored: readonly StoredPartInfo[],
  uploaded: ReadonlyMap<number, UploadedPart>,
  upTo = plan.partCount,
): ReconciledParts {
  const held = new Map(stored.map((part) => [part.partNumber, part]))
  const missing: number[] = []
  const found: StoredPartInfo[] = []
  const lost: number[] = []
  for (let partNumber = 1; partNumber <= upTo; partNumber++) {
    const part = held.get(partNumber)
    const uploadedPart = uploaded.get(partNumber)
    const fits = part !== undefined && part.size === sizeOf(plan, partNumber)
    // An ETag that was hidden from the page matches any ETag in the list.
    if (uploadedPart !== undefined && fits && ['', unquoted(part.etag)].includes(uploadedPart.etag)) continue
    if (uploadedPart !== undefined) lost.push(partNumber)
    if (fits) found.push(part)
    else missing.push(partNumber)
  }
  for (const partNumber of uploaded.keys()) if (partNumber > plan.partCount) lost.push(partNumber)
  return { missing, found, lost }
}
