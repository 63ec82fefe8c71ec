import type { StoredPart } from '@carryon/object-store'
import { type PartPlan, partSizes } from '@carryon/protocol'

/**
 * The part numbers that are missing in the store, should not exist, or differ from the plan or from the declared ETags;
 * ascending. Empty if the store holds exactly what was declared.
 *
 * @param etags ETags of parts 1 … partCount in order; an empty one is not compared. `null` if none were sent: then only
 * numbers and sizes are compared.
 */
export function findPartMismatches(
  plan: PartPlan,
  stored: readonly StoredPart[],
  etags: readonly string[] | null,
): number[] {
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]))
  const wrong: number[] = []
  for (const [index, size] of partSizes(plan).entries()) {
    const partNumber = index + 1
    const part = byNumber.get(partNumber)
    byNumber.delete(partNumber)
    const sizeFits = part?.size === size
    const declared = etags?.[index]
    const etagFits = etags === null || declared === '' || sameEtag(part?.etag, declared)
    if (!sizeFits || !etagFits) wrong.push(partNumber)
  }
  return [...wrong, ...byNumber.keys()].sort((a, b) => a - b)
}

/** The first `limit` part numbers that `stored` lacks. */
export function missingPartNumbers(
  partCount: number,
  stored: readonly StoredPart[],
  limit: number,
): number[] {
  const there = new Set(stored.map((part) => part.partNumber))
  const missing: number[] = []
  for (let partNumber = 1; partNumber <= partCount && missing.length < limit; partNumber += 1) {
    if (!there.has(partNumber)) missing.push(partNumber)
  }
  return missing
}

function sameEtag(stored: string | undefined, declared: string | undefined): boolean {
  return stored !== undefined && declared !== undefined && bare(stored) === bare(declared)
}

/** An ETag is quoted (RFC 9110, 8.8.3), but not all clients and stores keep the quotes. */
const bare = (etag: string) => etag.replace(/^"(.*)"$/u, '$1')
