import { md5Module } from './md5-module.js'

/** What scripts/md5-wat.mjs exports. Addresses and lengths in bytes, whole blocks. */
interface Exports {
  readonly memory: WebAssembly.Memory
  /** Continues with the state of lane 0. */
  readonly one: (at: number, end: number) => void
  /** Continues all four lanes, each from its beginning. */
  readonly four: (end: number) => void
}

const laneCount = 4
const blockSize = 64
/** Address of the first lane; states and constants precede it. */
const firstLane = 1024
/** Bytes of each lane: all four fit about into a core's L1 cache. */
const laneSize = 16 * 1024
/** A little more than a lane, so that lanes do not compete for the same lines of the cache. */
const laneDistance = laneSize + 256
/**
 * Milliseconds that bytes wait for other messages to be hashed together; reading a megabyte takes a millisecond or
 * two.
 */
const patience = 5

/** Bytes of one message that wait to be hashed. */
interface Waiting {
  readonly message: Md5
  readonly bytes: Uint8Array
  /** Bytes that are already hashed. */
  taken: number
  readonly done: () => void
}

/**
 * Computes MD5s of several messages at once. Each step of MD5 depends on the previous one, so a single message leaves
 * most of a core idle; four messages in the lanes of its vectors take little more time than one. Bytes therefore wait
 * a moment until there are four messages, or all that are in progress.
 */
export class Md5Lanes {
  readonly #exports: Exports
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #words: Uint32Array<ArrayBuffer>
  readonly #waiting: Waiting[] = []
  /** Number of messages that were begun and not ended. */
  #begun = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  private constructor(exports: Exports) {
    this.#exports = exports
    this.#bytes = new Uint8Array(exports.memory.buffer)
    this.#words = new Uint32Array(exports.memory.buffer)
  }

  /** Rejects with the browser's error if WebAssembly or its SIMD (Safari before 16.4) is not available. */
  static async create(): Promise<Md5Lanes> {
    const { instance } = await WebAssembly.instantiate(md5Module())
    return new Md5Lanes(instance.exports as unknown as Exports)
  }

  /** Begins a message. The caller must end it. */
  begin(): Md5 {
    this.#begun += 1
    return new Md5(this, () => {
      this.#begun -= 1
      this.#consider()
    })
  }

  /** Hashes whole blocks, perhaps later; resolves when they may be overwritten. */
  hash(message: Md5, bytes: Uint8Array): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ message, bytes, taken: 0, done })
      this.#consider()
    })
  }

  /** Hashes whole blocks, at most one lane, at once. */
  hashNow({ state }: Md5, bytes: Uint8Array): void {
    this.#putState(state, 0)
    this.#bytes.set(bytes, firstLane)
    this.#exports.one(firstLane, firstLane + bytes.length)
    this.#takeState(state, 0)
  }

  #consider(): void {
    if (this.#waiting.length === 0) return
    if (this.#waiting.length >= Math.min(laneCount, this.#begun)) this.#go()
    else this.#timer ??= setTimeout(() => this.#go(), patience)
  }

  /** Hashes until one of the waiting messages has no bytes left, and resolves it. */
  #go(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const lanes = this.#waiting.slice(0, laneCount)
    let left = Math.min(...lanes.map(({ bytes, taken }) => bytes.length - taken))
    for (const [lane, { message }] of lanes.entries()) this.#putState(message.state, lane)
    for (; left > 0; left -= laneSize) this.#step(lanes, Math.min(left, laneSize))
    for (const [lane, { message }] of lanes.entries()) this.#takeState(message.state, lane)
    for (const waiting of lanes) {
      if (waiting.taken < waiting.bytes.length) continue
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
      waiting.done()
    }
    this.#consider()
  }

  #step(lanes: readonly Waiting[], size: number): void {
    for (const [lane, waiting] of lanes.entries()) {
      const { bytes, taken } = waiting
      this.#bytes.set(bytes.subarray(taken, taken + size), firstLane + lane * laneDistance)
      waiting.taken += size
    }
    // An unused lane computes a meaningless result, which is ignored.
    if (lanes.length === 1) this.#exports.one(firstLane, firstLane + size)
    else this.#exports.four(size)
  }

  #putState(state: Uint32Array, lane: number): void {
    for (const [word, value] of state.entries()) this.#words[word * laneCount + lane] = value
  }

  #takeState(state: Uint32Array, lane: number): void {
    for (const word of state.keys()) state[word] = this.#words[word * laneCount + lane] ?? 0
  }
}

/** Computes the MD5 (RFC 1321) of one message in chunks. */
export class Md5 {
  /** A, B, C and D after all whole blocks so far. */
  readonly state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  readonly #lanes: Md5Lanes
  readonly #end: () => void
  /** Bytes after the last whole block, and their number. */
  readonly #rest = new Uint8Array(2 * blockSize)
  #held = 0
  #length = 0

  /** For use by {@link Md5Lanes}; `onEnd` is called when the message ends. */
  constructor(lanes: Md5Lanes, onEnd: () => void) {
    this.#lanes = lanes
    this.#end = onEnd
  }

  /**
   * Adds bytes. Wait for each call to resolve before the next.
   *
   * @param bytes may be overwritten once it has resolved
   */
  async update(bytes: Uint8Array): Promise<void> {
    this.#length += bytes.length
    let at = 0
    if (this.#held > 0) {
      at = Math.min(blockSize - this.#held, bytes.length)
      this.#rest.set(bytes.subarray(0, at), this.#held)
      this.#held += at
      if (this.#held < blockSize) return
      this.#lanes.hashNow(this, this.#rest.subarray(0, blockSize))
      this.#held = 0
    }
    const end = bytes.length - ((bytes.length - at) % blockSize)
    this.#rest.set(bytes.subarray(end))
    this.#held = bytes.length - end
    if (end > at) await this.#lanes.hash(this, bytes.subarray(at, end))
  }

  /** MD5 of all added bytes, in lower-case hex. Nothing may be added afterwards. */
  digest(): string {
    // "A single "1" bit is appended to the message, and then "0" bits", and its length in bits.
    const size = this.#held + 9 > blockSize ? 2 * blockSize : blockSize
    this.#rest.fill(0, this.#held, size)
    this.#rest[this.#held] = 0x80
    new DataView(this.#rest.buffer).setBigUint64(size - 8, BigInt(this.#length) * 8n, true)
    this.#lanes.hashNow(this, this.#rest.subarray(0, size))
    const digest = new DataView(new ArrayBuffer(16))
    for (const [word, value] of this.state.entries()) digest.setUint32(word * 4, value, true)
    return Array.from(new Uint8Array(digest.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  /** Ends the message, so that others no longer wait for it. */
  end(): void {
    this.#end()
  }
}
