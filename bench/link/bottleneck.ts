import { DelayLine } from './delay-line.js'

export interface BottleneckOptions {
  /** `null`: no limit. */
  readonly bitsPerSecond: number | null
  /** Milliseconds from leaving the line to arriving. */
  readonly delayMs: number
  /** Bytes that may wait in the queue before the line. */
  readonly queueBytes: number
}

/**
 * One direction of a line: first in, first out, with a bounded queue, then a fixed rate, then a fixed delay.
 *
 * The departure of a chunk is computed from when the line was last free, not from when a timer fired. Late timers
 * therefore do not accumulate, and the rate is exact over periods longer than the queue.
 */
export class Bottleneck {
  readonly #bytesPerMs: number
  readonly #delayMs: number
  readonly #queueBytes: number
  readonly #departures = new DelayLine()
  readonly #arrivals = new DelayLine()
  readonly #waitingForRoom = new Set<() => void>()
  #freeAt = 0
  #queued = 0

  constructor({ bitsPerSecond, delayMs, queueBytes }: BottleneckOptions) {
    this.#bytesPerMs = bitsPerSecond === null ? Infinity : bitsPerSecond / 8000
    this.#delayMs = delayMs
    this.#queueBytes = queueBytes
  }

  get hasRoom(): boolean {
    return this.#queued < this.#queueBytes
  }

  /** Calls `listener` once, when the queue has room and all earlier listeners have been called. */
  whenRoom(listener: () => void): void {
    this.#waitingForRoom.add(listener)
  }

  forget(listener: () => void): void {
    this.#waitingForRoom.delete(listener)
  }

  /** Puts `bytes` into the queue even if it has no room; calls `arrive` when they reach the other end. */
  send(bytes: number, arrive: () => void): void {
    const now = performance.now()
    this.#queued += bytes
    this.#freeAt = Math.max(this.#freeAt, now) + bytes / this.#bytesPerMs
    const departsAt = this.#freeAt
    this.#departures.add(departsAt, () => {
      this.#queued -= bytes
      this.#offerRoom()
    })
    this.#arrivals.add(departsAt + this.#delayMs, arrive)
  }

  close(): void {
    this.#departures.close()
    this.#arrivals.close()
    this.#waitingForRoom.clear()
  }

  #offerRoom(): void {
    for (const listener of this.#waitingForRoom) {
      if (!this.hasRoom) return
      this.#waitingForRoom.delete(listener)
      listener()
    }
  }
}
