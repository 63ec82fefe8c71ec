import { firstGroup, groupSize, lastOfGroup, leastPartSize, maxParts, planOpenParts } from './part-plan.js'
import type { PartRun } from './part-plan.js'

/** A part that a store lists. */
export interface SizedPart {
  /** 1 to 10 000. */
  readonly partNumber: number
  /** Bytes. */
  readonly size: number
}

/** How the file was divided into parts, as far as the stored parts show. */
export interface StoredSizes {
  /** From the first part on. */
  readonly runs: readonly PartRun[]
  /** Number of the last part whose size is decided. */
  readonly fixed: number
}

/**
 * Infers from the stored parts how a file was divided, so that a client that resumes on any machine divides it the
 * same way. The result is not proven: if it is wrong, parts differ from the file and are sent again.
 *
 * The result has a part for every stored part number, because a leftover part cannot be removed, and Ceph RGW refuses
 * to complete an upload that has one.
 *
 * @param size bytes of the file
 * @param partSize bytes of the parts in the first group
 * @param stored ascending
 */
export function storedSizes(size: number, partSize: number, stored: readonly SizedPart[]): StoredSizes {
  const highest = stored.at(-1)?.partNumber ?? 0
  const runs: PartRun[] = [{ after: 0, partSize }]
  let fixed = firstGroup
  let start = firstGroup * partSize
  let next = 0
  /** Takes the next stored parts, up to that part number. */
  const takeUpTo = (number: number): readonly SizedPart[] => {
    const first = next
    while ((stored[next]?.partNumber ?? Infinity) <= number) next += 1
    return stored.slice(first, next)
  }
  takeUpTo(fixed)
  while (fixed < highest && start < size) {
    const end = lastOfGroup(fixed + 1)
    const least = Math.max(partSize, leastPartSize(size - start, fixed))
    const inGroup = takeUpTo(end)
    const before = Math.max(least, runs.at(-1)?.partSize ?? partSize)
    const inferred = inferredSize({ size, start, after: fixed, end, least }, inGroup, highest) ?? before
    runs.push({ after: fixed, partSize: inferred })
    start += (end - fixed) * inferred
    fixed = end
  }
  if (highest > maxParts || planOpenParts(size, runs, fixed).partCount >= highest) return { runs, fixed }
  return {
    runs: [{ after: 0, partSize }],
    fixed: Math.max(firstGroup, lastOfGroup(Math.min(highest, maxParts))),
  }
}

interface Group {
  readonly size: number
  /** Position of its first byte. */
  readonly start: number
  readonly after: number
  readonly end: number
  /** Least bytes of its parts. */
  readonly least: number
}

/** Size of a group's parts; `null` if none of them is stored, or the stored ones cannot belong to this file. */
function inferredSize(group: Group, stored: readonly SizedPart[], highest: number): number | null {
  const candidates = [mostCommonSize(stored), sizeByLast(group, stored.at(-1))]
  return candidates.find((bytes) => bytes !== null && isPossible(group, bytes, highest)) ?? null
}

function isPossible({ size, start, after, end, least }: Group, bytes: number, highest: number): boolean {
  if (!Number.isSafeInteger(bytes) || bytes < least) return false
  // All stored part numbers of this group must lie within the file.
  return start + (Math.min(highest, end) - after - 1) * bytes < size
}

/** The part size that accounts for the most bytes. */
function mostCommonSize(parts: readonly SizedPart[]): number | null {
  const bytesOf = new Map<number, number>()
  for (const { size } of parts) bytesOf.set(size, (bytesOf.get(size) ?? 0) + size)
  let most: number | null = null
  for (const [size, bytes] of bytesOf) if (most === null || bytes > (bytesOf.get(most) ?? 0)) most = size
  return most
}

/** The file's last part may be smaller; its start shows how large the group's earlier parts are. */
function sizeByLast({ size, start, after, least }: Group, last: SizedPart | undefined): number | null {
  if (last === undefined) return null
  const before = last.partNumber - 1 - after
  if (before > groupSize) return null
  return before === 0 ? Math.max(least, last.size) : (size - start - last.size) / before
}
