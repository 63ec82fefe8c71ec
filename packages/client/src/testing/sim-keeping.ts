import type { Keeping, RememberedSource } from '../kept/keeping.js'
import { crc64 } from './sim-hasher.js'
import { readSlices, SimFile } from './sim-file.js'

/** A browser's storage: it outlives pages, and can be made to fail. */
export class SimKeeping implements Keeping {
  readonly held = new Map<string, RememberedSource>()
  /** By identity and part number. */
  readonly kept = new Map<string, Map<number, Uint8Array>>()
  /** Bytes. */
  left = 1_000_000
  /** Whether there turns out to be no room although there seemed to be. */
  full = false
  /** Pieces after which copying gets no further. */
  most = Number.POSITIVE_INFINITY
  /** Whether nothing can be remembered, as in some private windows. */
  refused = false

  readonly sources: Keeping['sources'] = {
    get: async (identity) => this.#sources().get(identity) ?? null,
    all: async () => [...this.#sources().values()],
    put: async (source) => {
      this.#sources().set(source.identity, source)
    },
    delete: async (identity) => {
      this.#sources().delete(identity)
    },
  }

  readonly pieces: Keeping['pieces'] = {
    keep: async (identity, partNumber, slice, crc64Type) => {
      if (this.most-- <= 0) return new Promise(() => undefined)
      const bytes = readSlices([slice])
      const pieces = this.kept.get(identity) ?? new Map<number, Uint8Array>()
      this.kept.set(identity, pieces)
      // What there was room for is there, as when a disk fills up.
      pieces.set(partNumber, this.full ? bytes.slice(0, 10) : bytes)
      if (this.full) throw new DOMException('No room.', 'QuotaExceededError')
      return crc64(bytes, crc64Type)
    },
    partNumbers: async (identity) => new Set(this.kept.get(identity)?.keys()),
    open: async (identity) => {
      const pieces = [...(this.kept.get(identity) ?? [])]
      return new Map(
        pieces.map(([partNumber, bytes]) => [partNumber, new SimFile(bytes).slice(0, bytes.length)]),
      )
    },
    free: async (identity, partNumber) => {
      this.kept.get(identity)?.delete(partNumber)
    },
    drop: async (identity) => {
      this.kept.delete(identity)
    },
    keepOnly: async (wanted) => {
      const identities = [...this.kept.keys()]
      const kept = await wanted()
      for (const identity of identities) if (!kept.includes(identity)) this.kept.delete(identity)
    },
  }

  room(): Promise<number> {
    return Promise.resolve(this.left)
  }

  /** Whether all copies that there are could be used. */
  get isWhole(): boolean {
    return this.held.size > 0 && [...this.held.values()].every(({ crcs }) => crcs !== undefined)
  }

  /** Bytes of all copies. */
  get bytes(): number {
    const pieces = [...this.kept.values()].flatMap((parts) => [...parts.values()])
    return pieces.reduce((sum, { length }) => sum + length, 0)
  }

  #sources(): Map<string, RememberedSource> {
    if (this.refused) throw new DOMException('Not here.', 'InvalidStateError')
    return this.held
  }
}
