import type { Crc64Part, Crc64Type } from '@carryon/hash'
import type { BlockCut } from './blocks.js'
import { blockRange, blocksOf } from './blocks.js'
import { ByteRanges, crcRangesOf, RangeCrcs } from './ranges.js'
import type { ByteRange, CrcRange } from './ranges.js'

/** What this page knows of the copy of one file. */
export class LocalCopy {
  readonly identity: string
  #id: string
  readonly cut: BlockCut
  readonly crc64Type: Crc64Type
  /** Indexes of blocks that are there. */
  readonly present: Set<number>
  /** Of what was copied, also after its block was freed. */
  readonly copied: RangeCrcs
  /** Of what was acknowledged. */
  #acknowledged: RangeCrcs
  /** What was acknowledged, and that is on disk. */
  #settled = new ByteRanges()
  whole = false
  /** Whether a part was acknowledged of which was copied, but not in ranges that tell its CRC-64. */
  #isDoubtful = false
  copying = false
  /** Ends the copying. */
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

  /** The file was opened, perhaps as another upload: what an earlier one had acknowledged counts for nothing then. */
  isFor(id: string): void {
    if (id === this.#id) return
    this.#id = id
    this.#acknowledged = new RangeCrcs(this.crc64Type)
    this.#settled = new ByteRanges()
  }

  /** A part was acknowledged, and that is on disk. Answers `false` when it is of another state of the file than was copied. */
  acknowledge(part: CrcRange): boolean {
    this.#acknowledged.add(part)
    const agrees = this.#agrees(part)
    if (agrees === null) this.#isDoubtful = true
    if (agrees === true) this.#settled.add(part)
    return agrees !== false
  }

  /** A block was copied. Answers `false` when a part that was acknowledged before is of another state of the file. */
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

  /** Blocks that are there, have bytes of the range, and are needed no more: all of them is acknowledged, on disk. */
  freed(range: ByteRange): readonly number[] {
    return blocksOf(this.cut, range).filter(
      (index) => this.present.has(index) && this.#settled.has(blockRange(this.cut, index)),
    )
  }

  /** CRC-64s of the whole file, from what was copied and else from `acknowledged`; `null` when some of it is in neither. */
  all(acknowledged: readonly CrcRange[]): readonly CrcRange[] | null {
    if (this.#isDoubtful) return null
    const known = new RangeCrcs(this.crc64Type, acknowledged)
    for (const crcRange of this.copied) known.add(crcRange)
    return known.between({ start: 0, end: this.cut.size })
  }

  /** `null`: all of it was copied, and nobody can tell. What was not copied is in no conflict. */
  #agrees(part: CrcRange): boolean | null {
    const copied = this.copied.of(part)
    if (copied !== null) return copied === part.crc64
    const wasCopied = (index: number): boolean => this.copied.of(blockRange(this.cut, index)) !== null
    return blocksOf(this.cut, part).every(wasCopied) ? null : true
  }
}
