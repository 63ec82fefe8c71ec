import { md5Module } from './md5-module.js'

/** What scripts/md5-wat.mjs exports. Addresses and lengths in bytes, whole blocks. */
interface Exports {
  readonly memory: WebAssembly.Memory
  /** Goes on with the state of lane 0. */
  readonly one: (at: number, end: number) => void
  /** Goes on with all four, each from the beginning of its lane. */
  readonly four: (end: number) => void
}

const laneCount = 4
const blockSize = 64
/** Where in memory lanes begin; before them are states and constants. */
const firstLane = 1024
/** Of each lane: all four stay in a core's first cache or near it. */
const laneSize = 16 * 1024
/** A little more than a lane, so that lanes do not compete for the same lines of the cache. */
const laneDistance = laneSize + 256
/** How long bytes wait for others to be hashed beside; reading a megabyte takes a millisecond or two. Milliseconds. */
const patience = 5

/** Bytes of one message that wait to be hashed. */
interface Waiting {
  readonly message: Md5
  readonly bytes: Uint8Array
  /** Bytes of them that are hashed. */
  taken: number
  readonly done: () => void
}

/**
 * MD5s of several messages at once. A step of MD5 waits for the one before it, so one message alone leaves most of a core
 * idle; four go side by side in the lanes of its vectors, in little more than the time of one. So whoever has bytes waits a
 * moment until there are four, or all that there are.
 */
export class Md5Lanes {
  readonly #exports: Exports
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #words: Uint32Array<ArrayBuffer>
  readonly #waiting: Waiting[] = []
  /** Messages begun and not ended. */
  #begun = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  private constructor(exports: Exports) {
    this.#exports = exports
    this.#bytes = new Uint8Array(exports.memory.buffer)
    this.#words = new Uint32Array(exports.memory.buffer)
  }

  /** Rejects with what the browser says where WebAssembly is not allowed, or knows no vectors (Safari before 16.4). */
  static async create(): Promise<Md5Lanes> {
    const { instance } = await WebAssembly.instantiate(md5Module())
    return new Md5Lanes(instance.exports as unknown as Exports)
  }

  /** A new message. Whoever begins one ends it. */
  begin(): Md5 {
    this.#begun += 1
    return new Md5(this, () => {
      this.#begun -= 1
      this.#consider()
    })
  }

  /** Hashes whole blocks, sooner or later: resolves when they may be overwritten. */
  hash(message: Md5, bytes: Uint8Array): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ message, bytes, taken: 0, done })
      this.#consider()
    })
  }

  /** Hashes whole blocks, one lane at most, now. */
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

  /** Goes on until the first of those that go along has no more, and calls it done. */
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
    // A lane that nobody uses computes nonsense, which nobody takes.
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

/** The MD5 (RFC 1321) of one message that comes in pieces. */
export class Md5 {
  /** A, B, C and D, as far as whole blocks came. */
  readonly state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  readonly #lanes: Md5Lanes
  readonly #end: () => void
  /** Bytes behind the last whole block, and how many. */
  readonly #rest = new Uint8Array(2 * blockSize)
  #held = 0
  #length = 0

  /** Of {@link Md5Lanes}; `onEnd` is called when it ends. */
  constructor(lanes: Md5Lanes, onEnd: () => void) {
    this.#lanes = lanes
    this.#end = onEnd
  }

  /**
   * Adds bytes; one call after the other has resolved.
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

  /** Of all that was added, in lower-case hex. Nothing may be added after it. */
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

  /** Others need not wait for it any more. */
  end(): void {
    this.#end()
  }
}
