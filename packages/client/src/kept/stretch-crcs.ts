import { combineAll } from '@carryon/object-store'
import type { Crc64Part, Crc64Type } from '@carryon/object-store'
import type { ByteRange } from './byte-ranges.js'

/** A stretch of a file and its CRC-64, unsigned decimal. */
export interface Stretch extends ByteRange {
  readonly crc64: string
}

/** CRC-64s of stretches of one file. What they make up together is known without reading it. */
export class StretchCrcs {
  readonly #type: Crc64Type
  /** By start: the stretches that begin there, the longest first. */
  readonly #from = new Map<number, readonly Stretch[]>()

  constructor(type: Crc64Type, stretches: Iterable<Stretch> = []) {
    this.#type = type
    for (const stretch of stretches) this.add(stretch)
  }

  /** Replaces what was known of the same stretch. */
  add(stretch: Stretch): void {
    const others = this.#from.get(stretch.start)?.filter(({ end }) => end !== stretch.end) ?? []
    this.#from.set(
      stretch.start,
      [...others, stretch].sort((a, b) => b.end - a.end),
    )
  }

  *[Symbol.iterator](): Iterator<Stretch> {
    for (const stretches of this.#from.values()) yield* stretches
  }

  /** CRC-64 of the range; `null` when it is not made up of known stretches. */
  of(range: ByteRange): string | null {
    const stretches = this.between(range)
    return stretches === null ? null : combineAll(stretches.map(sized), this.#type)
  }

  /** Known stretches that are together exactly the range, in order; `null` when there are none. */
  between({ start, end }: ByteRange): readonly Stretch[] | null {
    const path: Stretch[] = []
    /** Positions from which nothing leads to the end. */
    const dead = new Set<number>()
    for (let at = start; at !== end;) {
      const next = this.#from.get(at)?.find((stretch) => stretch.end <= end && !dead.has(stretch.end))
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

export function sized({ start, end, crc64 }: Stretch): Crc64Part {
  return { size: end - start, crc64 }
}

/** Stretches one after the other, from byte 0 on. */
export function stretchesOf(parts: Iterable<Crc64Part>): readonly Stretch[] {
  const stretches: Stretch[] = []
  let start = 0
  for (const { size, crc64 } of parts) {
    stretches.push({ start, end: start + size, crc64 })
    start += size
  }
  return stretches
}
