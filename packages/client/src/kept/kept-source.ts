import { combineAll } from '@carryon/object-store'
import { partAt, planParts, rangeOf, sizeOf } from '@carryon/protocol'
import type { PartPlan } from '@carryon/protocol'
import { TransportError } from '../seams.js'
import type { FileSource, KnownContent } from '../seams.js'
import type { PieceStore, RememberedSource } from './keeping.js'

/**
 * A file of which this browser keeps the parts that the store had not acknowledged, and of the others the checksums.
 * What is read of it is checked against those at the end: a piece that the disk has damaged does not get through.
 */
export class KeptSource implements FileSource {
  readonly name: string
  readonly size: number
  readonly type: string
  readonly lastModified = null
  readonly known: KnownContent
  readonly #identity: string
  readonly #plan: PartPlan
  readonly #pieces: PieceStore
  #blobs: ReadonlyMap<number, Blob> = new Map()

  private constructor(source: RememberedSource, crcs: readonly string[], pieces: PieceStore) {
    const { name, size, type, identity, runs, crc64Type = 'crc64ecma' } = source
    this.name = name
    this.size = size
    this.type = type
    this.#identity = identity
    this.#plan = planParts(size, runs)
    this.#pieces = pieces
    const parts = crcs.map((crc64, index) => ({ crc64, size: sizeOf(this.#plan, index + 1) }))
    const whole = combineAll(parts, crc64Type)
    this.known = {
      identity,
      plan: this.#plan,
      crc64: (type) => (type === crc64Type ? whole : null),
      crc64Of: (start, end, type) => {
        if (type !== crc64Type) return null
        const partNumber = partAt(this.#plan, start)
        const range = rangeOf(this.#plan, partNumber)
        return range.start === start && range.end === end ? (crcs[partNumber - 1] ?? null) : null
      },
    }
  }

  /** `null` when there is no whole copy. */
  static async open(source: RememberedSource, pieces: PieceStore): Promise<KeptSource | null> {
    if (source.crcs === undefined) return null
    const kept = new KeptSource(source, source.crcs, pieces)
    await kept.refresh()
    return kept
  }

  /** Another tab may have sent and freed some of it since. */
  async refresh(): Promise<void> {
    const blobs = await this.#pieces.open(this.#identity)
    // A crash may have cut one short.
    this.#blobs = new Map([...blobs].filter(([partNumber, { size }]) => this.#holds(partNumber, size)))
  }

  /** @throws TransportError `source-unreadable` when some of it is no longer kept, for it had been sent */
  slice(start: number, end: number): Blob {
    const slices: Blob[] = []
    for (let at = start; at < end;) {
      const partNumber = partAt(this.#plan, at)
      const range = rangeOf(this.#plan, partNumber)
      const piece = this.#blobs.get(partNumber)
      if (piece === undefined) throw noLongerKept(partNumber)
      const till = Math.min(end, range.end)
      const isWhole = at === range.start && till === range.end
      slices.push(isWhole ? piece : piece.slice(at - range.start, till - range.start))
      at = till
    }
    const [first] = slices
    return slices.length === 1 && first !== undefined ? first : new Blob(slices)
  }

  #holds(partNumber: number, size: number): boolean {
    return partNumber >= 1 && partNumber <= this.#plan.partCount && size === sizeOf(this.#plan, partNumber)
  }
}

function noLongerKept(partNumber: number): TransportError {
  return new TransportError(
    'source-unreadable',
    `Part ${partNumber} has to be sent again, and this browser no longer keeps it.`,
  )
}
