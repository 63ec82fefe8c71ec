import { crc64TablesOfEight } from './crc64.js'
import type { Digest } from './body-digest.js'
import { instantiateHashing } from './wasm/hashing-functions.js'
import {
  crc64Tables,
  foldedBytes,
  laneBytes,
  laneCount,
  laneStart,
  md5Pointers,
  md5States,
} from './wasm/memory-layout.js'

/** MD5's block. */
export const blockBytes = 64
const allOnes = 0xffff_ffff_ffff_ffffn

/** Reads at a position of the body; returns how many bytes, 0 at its end. */
export type ReadBody = (into: Uint8Array, position: number) => number

/** How far one body is hashed. */
export class HashedBody {
  /** "A four-word buffer (A,B,C,D) is used to compute the message digest." RFC 1321, section 3.3. */
  readonly md5 = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  /** What the CRC64 is of, with all before it folded into it. */
  readonly folded = new Uint8Array(foldedBytes)
  /** Bytes, whole blocks. */
  position = 0
  readonly read: ReadBody

  constructor(read: ReadBody) {
    this.read = read
  }
}

/** A body that is being advanced, and what of it is in the module's memory. */
interface Lane {
  readonly body: HashedBody
  readonly start: number
  readonly goal: number
  /** Bytes read and, of these, in the MD5. */
  filled: number
  hashed: number
}

/**
 * MD5 and CRC64 of up to four bodies at once. Bodies may come and go and be as far as they like: between two calls a body
 * is only its {@link HashedBody}.
 */
export class LockstepHasher {
  readonly #functions = instantiateHashing()
  readonly #bytes = new Uint8Array(this.#functions.memory.buffer)
  readonly #words = new Uint32Array(this.#functions.memory.buffer)

  constructor() {
    new BigUint64Array(this.#functions.memory.buffer, crc64Tables).set(crc64TablesOfEight)
  }

  /**
   * Hashes on, side by side.
   *
   * @param goals at most {@link laneCount} bodies, each once, and how far: bytes, of which whole blocks are taken.
   * @returns the bodies that could not be read that far, and why; they are of no use any more.
   */
  advance(
    goals: readonly { readonly body: HashedBody; readonly end: number }[],
  ): ReadonlyMap<HashedBody, unknown> {
    const failures = new Map<HashedBody, unknown>()
    const lanes = goals.slice(0, laneCount).map(({ body, end }, index): Lane => {
      const start = laneStart(index)
      this.#bytes.set(body.folded, start - foldedBytes)
      return { body, start, goal: end - (end % blockBytes), filled: 0, hashed: 0 }
    })
    for (;;) {
      for (const lane of lanes) {
        if (lane.filled > 0 || failures.has(lane.body)) continue
        try {
          this.#fill(lane)
        } catch (error) {
          failures.set(lane.body, error)
        }
      }
      const busy = lanes.filter(({ filled }) => filled > 0)
      if (busy.length === 0) break
      this.#advanceMd5(busy)
      for (const lane of busy) if (lane.hashed === lane.filled) this.#fold(lane)
    }
    for (const { body, start } of lanes) body.folded.set(this.#bytes.subarray(start - foldedBytes, start))
    return failures
  }

  /**
   * The digest of a body that was advanced to its last whole block.
   *
   * @param end its length in bytes
   * @throws Error when its last bytes cannot be read
   */
  finish(body: HashedBody, end: number): Digest {
    const start = laneStart(0)
    const tail = start + foldedBytes
    const rest = end - body.position
    this.#bytes.fill(0, start - foldedBytes, tail + 2 * blockBytes)
    this.#bytes.set(body.folded, start)
    readWhole(body, this.#bytes.subarray(tail, tail + rest))
    const crc64 = this.#crc64(body, start, rest)

    // "a single "1" bit is appended to the message, and then "0" bits", and the length in bits; RFC 1321, section 3.1.
    this.#bytes[tail + rest] = 0x80
    const blocks = rest + 9 > blockBytes ? 2 : 1
    new DataView(this.#bytes.buffer).setBigUint64(tail + blocks * blockBytes - 8, BigInt(end) * 8n, true)
    this.#putState(body, 0)
    this.#functions.md5One(tail, blocks)
    this.#takeState(body, 0)
    const md5 = Buffer.alloc(16)
    body.md5.forEach((word, index) => md5.writeUInt32LE(word, index * 4))
    return { md5, crc64 }
  }

  #crc64(body: HashedBody, start: number, rest: number): bigint {
    // Where something was folded, the ones that a CRC64 begins with were put into its first block.
    const unfolded = body.position === 0
    if (!unfolded) this.#functions.crc64Unfold(start)
    const crc = unfolded
      ? this.#functions.crc64Bytes(allOnes, start + foldedBytes, rest)
      : this.#functions.crc64Bytes(0n, start, foldedBytes + rest)
    return BigInt.asUintN(64, crc ^ allOnes)
  }

  #fill(lane: Lane): void {
    const { body, start, goal } = lane
    const size = Math.min(laneBytes, goal - body.position)
    if (size <= 0) return
    readWhole(body, this.#bytes.subarray(start, start + size))
    lane.filled = size
    lane.hashed = 0
  }

  /** As many blocks as all of them have. */
  #advanceMd5(busy: readonly Lane[]): void {
    const size = Math.min(...busy.map(({ filled, hashed }) => filled - hashed))
    const [first] = busy
    if (first === undefined) return
    for (let index = 0; index < laneCount; index++) {
      // A lane without a body does what the first one does.
      const lane = busy[index] ?? first
      this.#putState(lane.body, index)
      this.#words[md5Pointers / 4 + index] = lane.start + lane.hashed
    }
    if (busy.length === 1) this.#functions.md5One(first.start + first.hashed, size / blockBytes)
    else this.#functions.md5Four(size / blockBytes)
    for (const [index, lane] of busy.entries()) {
      this.#takeState(lane.body, index)
      lane.hashed += size
    }
  }

  #putState({ md5 }: HashedBody, lane: number): void {
    for (const [word, value] of md5.entries()) this.#words[md5States / 4 + word * laneCount + lane] = value
  }

  #takeState({ md5 }: HashedBody, lane: number): void {
    for (const word of md5.keys()) md5[word] = this.#words[md5States / 4 + word * laneCount + lane] ?? 0
  }

  /** After the MD5, because it writes over what was read. */
  #fold(lane: Lane): void {
    const { body, start, filled } = lane
    const end = start + filled
    if (body.position === 0)
      for (let at = start; at < start + 8; at++) this.#bytes[at] = ~(this.#bytes[at] ?? 0)
    this.#functions.crc64Fold(start, end)
    this.#bytes.copyWithin(start - foldedBytes, end - foldedBytes, end)
    body.position += filled
    lane.filled = 0
  }
}

function readWhole({ read, position }: HashedBody, into: Uint8Array): void {
  for (let at = 0; at < into.length;) {
    const size = read(into.subarray(at), position + at)
    if (size === 0) throw new Error('the file is shorter than what was written to it')
    at += size
  }
}
