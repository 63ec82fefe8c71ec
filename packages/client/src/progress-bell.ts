import type { Clock } from './seams.js'

/** Milliseconds between progress events. */
const progressInterval = 100
/** Milliseconds between events while nothing moves, so that a stalled line's speed is seen to fall. */
const tick = 1_000

/** Says when listeners are to be told of progress: seldom enough for a page, often enough for an eye. */
export class ProgressBell {
  readonly #clock: Clock
  readonly #ring: () => void
  #isDue = false
  #isTicking = false

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** Something has moved. Rings within 100 ms, once for all that moves until then. */
  moved(): void {
    if (this.#isDue) return
    this.#isDue = true
    const ring = (): void => {
      this.#isDue = false
      this.#ring()
    }
    this.#clock.sleep(progressInterval).then(ring, ring)
  }

  /** Rings every second while `isSending`. Ten thousand files that wait their turn ring not. */
  async tickWhile(isSending: () => boolean): Promise<void> {
    if (this.#isTicking) return
    this.#isTicking = true
    while (isSending()) {
      await this.#clock.sleep(tick)
      this.moved()
    }
    this.#isTicking = false
  }
}
