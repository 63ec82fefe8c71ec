export interface CongestionWindowOptions {
  /** Maximum size of the window in bytes: what fits on the line and in its queue. */
  readonly maxBytes: number
  /** Round-trip time in milliseconds. */
  readonly rttMs: number
}

/** Initial window: ten segments (RFC 6928). */
const initialBytes = 10 * 1448
/** Linux's shortest retransmission timeout is 200 ms longer than the round trip. */
const idleGraceMs = 200

/**
 * TCP's limit on the unacknowledged bytes of one connection: slow start from ten segments, doubled each round trip
 * (RFC 5681), and halved for each retransmission timeout of silence (RFC 2861, on by default in Linux). Without it,
 * new and idle connections would be too fast: with a round trip of 100 ms, a real one needs half a second to fill a
 * 100 Mbit/s line. Loss is not modelled: a full queue holds senders back instead of dropping packets.
 */
export class CongestionWindow {
  readonly #maxBytes: number
  readonly #timeoutMs: number
  #size: number
  #inFlight = 0
  #lastActive: number

  constructor({ maxBytes, rttMs }: CongestionWindowOptions, now: number) {
    this.#maxBytes = Math.max(maxBytes, initialBytes)
    this.#timeoutMs = rttMs + idleGraceMs
    // A path without delay acknowledges immediately, so it needs no slow start.
    this.#size = rttMs === 0 ? Infinity : initialBytes
    this.#lastActive = now
  }

  get hasRoom(): boolean {
    return this.#inFlight < this.#size
  }

  sent(bytes: number, now: number): void {
    if (this.#inFlight === 0 && this.#size !== Infinity) {
      const timeouts = Math.floor((now - this.#lastActive) / this.#timeoutMs)
      this.#size = Math.max(initialBytes, this.#size / 2 ** timeouts)
    }
    this.#inFlight += bytes
    this.#lastActive = now
  }

  acknowledged(bytes: number, now: number): void {
    // An unused window does not grow (RFC 7661).
    const wasUsed = this.#inFlight >= this.#size / 2
    this.#inFlight -= bytes
    this.#lastActive = now
    if (wasUsed) this.#size = Math.min(this.#maxBytes, this.#size + bytes)
  }
}
