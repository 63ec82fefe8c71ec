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
    const apart = this.#ranges.filter((range) => range.end < start || range.start > end)
    const touching = this.#ranges.filter((range) => range.end >= start && range.start <= end)
    const joined = {
      start: Math.min(start, ...touching.map((range) => range.start)),
      end: Math.max(end, ...touching.map((range) => range.end)),
    }
    this.#ranges = [...apart, joined]
  }

  /** Whether every byte of the range is in the set. */
  has({ start, end }: ByteRange): boolean {
    return end <= start || this.#ranges.some((range) => range.start <= start && range.end >= end)
  }
}
