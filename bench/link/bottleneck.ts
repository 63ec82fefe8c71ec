import { DelayLine } from './delay-line.js'

export interface BottleneckOptions {
  /** `null`: no limit. */
  readonly bitsPerSecond: number | null
  /** From leaving the line to arriving, milliseconds. */
  readonly delayMs: number
  /** Bytes that may wait for the line. */
  readonly queueBytes: number
}

/**
 * One direction of a line: first in first out, a fixed rate, a bounded queue before it and a fixed delay after it.
 *
 * A chunk leaves when the line has sent all before it, counted from when the line was last free and not from when a
 * timer fired, so that late timers do not add up: over any time longer than the queue the rate is exact.
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

  /** `listener` is called once, when there is room and all that asked before had theirs. */
  whenRoom(listener: () => void): void {
    this.#waitingForRoom.add(listener)
  }

  forget(listener: () => void): void {
    this.#waitingForRoom.delete(listener)
  }

  /** Takes `bytes` into the queue, whether or not it has room; `arrive` is called when they reach the other end. */
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
