export interface CongestionWindowOptions {
  /** Where the window stops growing: what fits on the line and in its queue. Bytes. */
  readonly maxBytes: number
  /** Milliseconds. */
  readonly rttMs: number
}

/** Ten segments (RFC 6928). */
const initialBytes = 10 * 1448
/** Linux's shortest retransmission timeout is 200 ms above the round trip. */
const idleGraceMs = 200

/**
 * What TCP lets one connection have on its way unacknowledged: slow start from ten segments, doubling each round trip
 * (RFC 5681), halved for each retransmission timeout of silence (RFC 2861, on by default in Linux). Without it a relay
 * would flatter new and idle connections: on 100 ms a real one needs half a second to fill a 100 Mbit/s line. Loss is
 * not modelled: the queue before the line holds senders back instead of dropping.
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
    // A path without delay acknowledges at once: there is nothing to ramp up.
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
    // A window that was not used does not grow (RFC 7661).
    const wasUsed = this.#inFlight >= this.#size / 2
    this.#inFlight -= bytes
    this.#lastActive = now
    if (wasUsed) this.#size = Math.min(this.#maxBytes, this.#size + bytes)
  }
}
