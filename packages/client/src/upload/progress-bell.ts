import type { Clock } from '../seams.js'

/**
 * Milliseconds between progress events. Each makes the page draw, and where all cores are busy a drawing may have to wait for
 * its turn; numbers that change more often than that nobody reads.
 */
const progressInterval = 500
/** Milliseconds between events while nothing moves, so that a stalled line's speed is seen to fall. */
const tick = 1_000

/**
 * Says when listeners are to be told of progress: seldom enough for a page, often enough for an eye. One for all uploads
 * of a page, for hundreds of small files a second are not to set hundreds of timers.
 */
export class ProgressBell {
  readonly #clock: Clock
  /** Who is to be rung at the next stroke. */
  #moved = new Set<() => void>()
  #isDue = false
  /** Who sends, and is rung though nothing moves. */
  readonly #sending = new Set<() => void>()
  #isTicking = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Something has moved. Calls `ring` within half a second, once for all that moves until then. */
  moved(ring: () => void): void {
    this.#moved.add(ring)
    if (this.#isDue) return
    this.#isDue = true
    const strike = (): void => {
      this.#isDue = false
      const due = this.#moved
      this.#moved = new Set()
      for (const each of due) each()
    }
    this.#clock.sleep(progressInterval).then(strike, strike)
  }

  /** From now on `ring` is called every second, until {@link rests}. Ten thousand files that wait their turn ring not. */
  sends(ring: () => void): void {
    this.#sending.add(ring)
    if (!this.#isTicking) void this.#tick()
  }

  /** It sends no more, and what moved before was told together with that. */
  rests(ring: () => void): void {
    this.#sending.delete(ring)
    this.#moved.delete(ring)
  }

  async #tick(): Promise<void> {
    this.#isTicking = true
    while (this.#sending.size > 0) {
      await this.#clock.sleep(tick)
      for (const each of this.#sending) this.moved(each)
    }
    this.#isTicking = false
  }
}
