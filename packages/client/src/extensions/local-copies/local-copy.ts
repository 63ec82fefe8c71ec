import type { Crc64Part, Crc64Type } from '@carryon/hash'
import type { BlockCut } from './blocks.js'
import { blockRange, blocksOf } from './blocks.js'
import { ByteRanges, crcRangesOf, RangeCrcs } from './ranges.js'
import type { ByteRange, CrcRange } from './ranges.js'

/** State of the copy of one file in this page. */
export class LocalCopy {
  readonly identity: string
  #id: string
  readonly cut: BlockCut
  readonly crc64Type: Crc64Type
  /** Indexes of existing blocks. */
  readonly present: Set<number>
  /** CRC-64s of copied ranges, also after their block was freed. */
  readonly copied: RangeCrcs
  /** CRC-64s of acknowledged ranges. */
  #acknowledged: RangeCrcs
  /** Acknowledged ranges whose acknowledgement is on disk and agrees with the copy. */
  #settled = new ByteRanges()
  whole = false
  /** Whether an acknowledged part was copied in ranges from which its CRC-64 cannot be computed. */
  #isDoubtful = false
  copying = false
  /** Aborted to stop copying. */
  readonly stop = new AbortController()

  constructor(
    { identity, id, cut, crc64Type }: Pick<LocalCopy, 'identity' | 'id' | 'cut' | 'crc64Type'>,
    present: ReadonlySet<number> = new Set(),
    crcs: readonly Crc64Part[] | null = null,
  ) {
    this.identity = identity
    this.#id = id
    this.cut = cut
    this.crc64Type = crc64Type
    this.present = new Set(present)
    this.copied = new RangeCrcs(crc64Type, crcRangesOf(crcs ?? []))
    this.#acknowledged = new RangeCrcs(crc64Type)
    this.whole = crcs !== null
  }

  /** The server's id of the upload. */
  get id(): string {
    return this.#id
  }

  /**
   * Call when the file was opened, perhaps as another upload: acknowledgements of an earlier upload no longer count.
   */
  isFor(id: string): void {
    if (id === this.#id) return
    this.#id = id
    this.#acknowledged = new RangeCrcs(this.crc64Type)
    this.#settled = new ByteRanges()
  }

  /**
   * Records a part whose acknowledgement is on disk. Returns `false` if it belongs to another state of the file than
   * the copy.
   */
  acknowledge(part: CrcRange): boolean {
    this.#acknowledged.add(part)
    const agrees = this.#agrees(part)
    if (agrees === null) this.#isDoubtful = true
    if (agrees === true) this.#settled.add(part)
    return agrees !== false
  }

  /** Records a copied block. Returns `false` if an earlier acknowledged part belongs to another state of the file. */
  add(index: number, grains: readonly Crc64Part[]): boolean {
    let { start } = blockRange(this.cut, index)
    for (const { size, crc64 } of grains) {
      this.copied.add({ start, end: start + size, crc64 })
      start += size
    }
    this.present.add(index)
    const block = blockRange(this.cut, index)
    const parts = [...this.#acknowledged].filter((part) => part.end > block.start && part.start < block.end)
    const agreements = parts.map((part) => this.#agrees(part))
    if (agreements.includes(null)) this.#isDoubtful = true
    return !agreements.includes(false)
  }

  /** Existing blocks that overlap the range and are no longer needed, because all of them is acknowledged on disk. */
  freed(range: ByteRange): readonly number[] {
    return blocksOf(this.cut, range).filter(
      (index) => this.present.has(index) && this.#settled.has(blockRange(this.cut, index)),
    )
  }

  /** CRC-64s that cover the whole file, from copied and `acknowledged` ranges; `null` if some bytes are in neither. */
  all(acknowledged: readonly CrcRange[]): readonly CrcRange[] | null {
    if (this.#isDoubtful) return null
    const known = new RangeCrcs(this.crc64Type, acknowledged)
    for (const crcRange of this.copied) known.add(crcRange)
    return known.between({ start: 0, end: this.cut.size })
  }

  /**
   * Whether a part agrees with the copy; `null`: all of it was copied, but its CRC-64 cannot be computed. A part that
   * was not fully copied never conflicts.
   */
  #agrees(part: CrcRange): boolean | null {
    const copied = this.copied.of(part)
    if (copied !== null) return copied === part.crc64
    const wasCopied = (index: number): boolean => this.copied.of(blockRange(this.cut, index)) !== null
    return blocksOf(this.cut, part).every(wasCopied) ? null : true
  }
}
