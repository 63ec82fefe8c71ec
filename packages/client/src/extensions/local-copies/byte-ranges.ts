/** Bytes `start` (inclusive) to `end` (exclusive) of a file. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** A set of byte positions, as ranges that neither touch nor overlap. */
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
