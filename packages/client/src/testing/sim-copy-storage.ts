import type { CopyStorage, RememberedSource } from '../extensions/local-copies/copy-storage.js'
import { crc64 } from './sim-hasher.js'
import { readSlices, SimFile } from './sim-file.js'

/** A browser's storage: it outlives pages, and can be made to fail. */
export class SimCopyStorage implements CopyStorage {
  readonly held = new Map<string, RememberedSource>()
  /** Blocks by fingerprint and index. */
  readonly kept = new Map<string, Map<number, Uint8Array>>()
  /** Bytes. */
  left = 1_000_000
  /** Whether writes fail for lack of space although space was reported. */
  full = false
  /** Number of blocks after which copying stalls. */
  most = Number.POSITIVE_INFINITY
  /** Whether nothing can be remembered, as in some private windows. */
  refused = false

  readonly blockSize: number

  /** @param blockSize bytes */
  constructor(blockSize = 64) {
    this.blockSize = blockSize
  }

  readonly sources: CopyStorage['sources'] = {
    get: async (identity) => this.#sources().get(identity) ?? null,
    all: async () => [...this.#sources().values()],
    put: async (source) => {
      this.#sources().set(source.identity, source)
    },
    delete: async (identity) => {
      this.#sources().delete(identity)
    },
  }

  readonly blocks: CopyStorage['blocks'] = {
    write: async (identity, index, slice, crc64Type, grain) => {
      if (this.most-- <= 0) return new Promise(() => undefined)
      const bytes = readSlices([slice])
      const blocks = this.kept.get(identity) ?? new Map<number, Uint8Array>()
      this.kept.set(identity, blocks)
      // The part that fits is written, as when a disk fills up.
      blocks.set(index, this.full ? bytes.slice(0, 10) : bytes)
      if (this.full) throw new DOMException('No room.', 'QuotaExceededError')
      return Array.from({ length: Math.ceil(bytes.length / grain) }, (_, number) => {
        const some = bytes.slice(number * grain, (number + 1) * grain)
        return { crc64: crc64(some, crc64Type), size: some.length }
      })
    },
    indexes: async (identity) => new Set(this.kept.get(identity)?.keys()),
    open: async (identity) => {
      const blocks = [...(this.kept.get(identity) ?? [])]
      return new Map(blocks.map(([index, bytes]) => [index, new SimFile(bytes).slice(0, bytes.length)]))
    },
    join: (slices) => {
      const bytes = readSlices(slices)
      return new SimFile(bytes).slice(0, bytes.length)
    },
    free: async (identity, index) => {
      this.kept.get(identity)?.delete(index)
    },
    drop: async (identity) => {
      this.kept.delete(identity)
    },
    retainOnly: async (wanted) => {
      const identities = [...this.kept.keys()]
      const kept = await wanted()
      for (const identity of identities) if (!kept.includes(identity)) this.kept.delete(identity)
    },
  }

  freeSpace(): Promise<number> {
    return Promise.resolve(this.left)
  }

  /** Whether all copies are complete. */
  get isWhole(): boolean {
    return this.held.size > 0 && [...this.held.values()].every(({ crcs }) => crcs !== undefined)
  }

  /** Bytes of all copies. */
  get bytes(): number {
    const blocks = [...this.kept.values()].flatMap((copy) => [...copy.values()])
    return blocks.reduce((sum, { length }) => sum + length, 0)
  }

  #sources(): Map<string, RememberedSource> {
    if (this.refused) throw new DOMException('Not here.', 'InvalidStateError')
    return this.held
  }
}
