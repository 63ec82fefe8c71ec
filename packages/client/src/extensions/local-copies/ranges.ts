import { combineAll } from '@carryon/hash'
import type { Crc64Part, Crc64Type } from '@carryon/hash'
import { rangeOf } from '@carryon/protocol'
import type { RememberedUpload } from '../../ports.js'
import type { RunContext } from '../../transfer/run-context.js'

/** Bytes `start` (inclusive) to `end` (exclusive) of a file. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** A set of byte positions, stored as ranges that neither touch nor overlap. */
export class ByteRanges {
  #ranges: readonly ByteRange[] = []

  add({ start, end }: ByteRange): void {
    if (end <= start) return
    const apart: ByteRange[] = []
    for (const range of this.#ranges) {
      if (range.end < start || range.start > end) apart.push(range)
      else [start, end] = [Math.min(start, range.start), Math.max(end, range.end)]
    }
    this.#ranges = [...apart, { start, end }]
  }

  /** Whether every byte of the range is in the set. */
  has({ start, end }: ByteRange): boolean {
    return end <= start || this.#ranges.some((range) => range.start <= start && range.end >= end)
  }
}

/** A range of a file and its CRC-64, unsigned decimal. */
export interface CrcRange extends ByteRange {
  readonly crc64: string
}

/** CRC-64s of ranges of one file. Computes the CRC-64 of joined ranges without reading the file. */
export class RangeCrcs {
  readonly #type: Crc64Type
  /** Ranges by start, the longest first. */
  readonly #from = new Map<number, readonly CrcRange[]>()

  constructor(type: Crc64Type, crcRanges: Iterable<CrcRange> = []) {
    this.#type = type
    for (const crcRange of crcRanges) this.add(crcRange)
  }

  /** Replaces the CRC-64 of the same range. */
  add(crcRange: CrcRange): void {
    const others = this.#from.get(crcRange.start)?.filter(({ end }) => end !== crcRange.end) ?? []
    this.#from.set(
      crcRange.start,
      [...others, crcRange].sort((a, b) => b.end - a.end),
    )
  }

  *[Symbol.iterator](): Iterator<CrcRange> {
    for (const crcRanges of this.#from.values()) yield* crcRanges
  }

  /** CRC-64 of the range; `null` if known ranges do not join to exactly it. */
  of(range: ByteRange): string | null {
    const crcRanges = this.between(range)
    return crcRanges === null ? null : combineAll(crcRanges.map(sized), this.#type)
  }

  /** Known ranges, in order, that join to exactly the range; `null` if there are none. */
  between({ start, end }: ByteRange): readonly CrcRange[] | null {
    const path: CrcRange[] = []
    /** Positions from which no chain of ranges reaches the end. */
    const dead = new Set<number>()
    for (let at = start; at !== end;) {
      const next = this.#from.get(at)?.find((crcRange) => crcRange.end <= end && !dead.has(crcRange.end))
      if (next !== undefined) {
        path.push(next)
        at = next.end
        continue
      }
      dead.add(at)
      const back = path.pop()
      if (back === undefined) return null
      at = back.start
    }
    return path
  }
}

export function sized({ start, end, crc64 }: CrcRange): Crc64Part {
  return { size: end - start, crc64 }
}

/** Converts consecutive parts to ranges, starting at byte 0. */
export function crcRangesOf(parts: Iterable<Crc64Part>): readonly CrcRange[] {
  const crcRanges: CrcRange[] = []
  let start = 0
  for (const { size, crc64 } of parts) {
    crcRanges.push({ start, end: start + size, crc64 })
    start += size
  }
  return crcRanges
}

/** All ranges that the run has acknowledged so far. */
export function acknowledgedOf({
  plan,
  uploaded,
}: Pick<RunContext, 'plan' | 'uploaded'>): readonly CrcRange[] {
  return [...uploaded].map(([partNumber, { crc64 }]) => ({ ...rangeOf(plan, partNumber), crc64 }))
}

/**
 * Ranges that this browser remembers as acknowledged. Skips parts without `start`, which an earlier version did not
 * record.
 */
export function rememberedRanges(remembered: RememberedUpload | null | undefined): readonly CrcRange[] {
  return (remembered?.parts ?? []).flatMap(({ start, size, crc64 }) =>
    start === undefined ? [] : [{ start, end: start + size, crc64 }],
  )
}
