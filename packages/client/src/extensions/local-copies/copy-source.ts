import { combineAll } from '@carryon/hash'
import { TransportError } from '../../ports.js'
import type { FileSource, KnownContent } from '../../ports.js'
import { blockCount, blockRange, blocksOf } from './blocks.js'
import type { BlockStore, CopiedSource } from './copy-storage.js'
import { RangeCrcs, crcRangesOf } from './ranges.js'

/**
 * A file source over a local copy: the blocks that the store had not acknowledged, and checksums of the whole file.
 * Content that is read is verified against these checksums at the end, so a block that the disk damaged is detected.
 */
export class CopySource implements FileSource {
  readonly name: string
  readonly size: number
  readonly type: string
  readonly lastModified = null
  readonly known: KnownContent
  readonly #source: CopiedSource
  readonly #store: BlockStore
  #blocks: ReadonlyMap<number, Blob> = new Map()

  private constructor(source: CopiedSource, store: BlockStore) {
    const { name, size, type, identity, crcs, crc64Type = 'crc64ecma' } = source
    this.name = name
    this.size = size
    this.type = type
    this.#source = source
    this.#store = store
    const crcRanges = new RangeCrcs(crc64Type, crcRangesOf(crcs))
    const whole = combineAll(crcs, crc64Type)
    this.known = {
      identity,
      crc64: (asked) => (asked === crc64Type ? whole : null),
      crc64Of: (start, end, asked) => (asked === crc64Type ? crcRanges.of({ start, end }) : null),
    }
  }

  static async open(source: CopiedSource, store: BlockStore): Promise<CopySource> {
    const kept = new CopySource(source, store)
    await kept.refresh()
    return kept
  }

  /** Lists the blocks again: another tab may have sent and freed some. */
  async refresh(): Promise<void> {
    const blocks = await this.#store.open(this.#source.identity)
    // A crash may have truncated a block.
    this.#blocks = new Map([...blocks].filter(([index, { size }]) => this.#holds(index, size)))
  }

  /** @throws TransportError `source-unreadable` when some of it was freed because it had been sent */
  slice(start: number, end: number): Blob {
    const slices: Blob[] = []
    for (const index of blocksOf(this.#source, { start, end })) {
      const range = blockRange(this.#source, index)
      const block = this.#blocks.get(index)
      if (block === undefined) throw notCopied(start, end)
      const [from, till] = [Math.max(start, range.start), Math.min(end, range.end)]
      const isAll = from === range.start && till === range.end
      slices.push(isAll ? block : block.slice(from - range.start, till - range.start))
    }
    const [first] = slices
    return slices.length === 1 && first !== undefined ? first : this.#store.join(slices)
  }

  #holds(index: number, size: number): boolean {
    const range = blockRange(this.#source, index)
    return index >= 0 && index < blockCount(this.#source) && size === range.end - range.start
  }
}

function notCopied(start: number, end: number): TransportError {
  return new TransportError(
    'source-unreadable',
    `Bytes ${start} to ${end} have to be sent again, and this browser no longer keeps them.`,
  )
}
