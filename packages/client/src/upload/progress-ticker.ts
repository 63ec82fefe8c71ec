import type { Clock } from '../ports.js'

/**
 * Milliseconds between progress events. Each makes the page draw, and where all cores are busy a drawing may have to wait for
 * its turn; numbers that change more often than that nobody reads.
 */
const progressInterval = 500
/** Milliseconds after which a timer is not waited for any more. */
const late = 3_000
/** Milliseconds between events while nothing moves, so that a stalled line's speed is seen to fall. */
const tick = 1_000

/**
 * Says when listeners are to be told of progress: seldom enough for a page, often enough for an eye. One for all uploads
 * of a page, for hundreds of small files a second are not to set hundreds of timers.
 */
export class ProgressTicker {
  readonly #clock: Clock
  /** Who is to be notified at the next tick. */
  #moved = new Set<() => void>()
  /** When the next tick is due, as the clock has it; `null` while none is. */
  #dueAt: number | null = null
  /** Who sends, and is notified though nothing moves. */
  readonly #sending = new Set<() => void>()
  #isTicking = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Something has moved. Calls `notify` within half a second, once for all that moves until then. */
  moved(notify: () => void): void {
    this.#moved.add(notify)
    const now = this.#clock.now()
    // The timers of a hidden tab may be a minute late, what a worker sends is not.
    if (this.#dueAt !== null && now < this.#dueAt + late) return
    const isLate = this.#dueAt !== null
    this.#dueAt = now + progressInterval
    if (isLate) queueMicrotask(() => this.#flush())
    else {
      const flush = (): void => this.#flush()
      this.#clock.sleep(progressInterval).then(flush, flush)
    }
  }

  #flush(): void {
    this.#dueAt = null
    const due = this.#moved
    this.#moved = new Set()
    for (const each of due) each()
  }

  /** From now on `notify` is called every second, until {@link stop}. Files that wait for their turn are not notified. */
  start(notify: () => void): void {
    this.#sending.add(notify)
    if (!this.#isTicking) void this.#tick()
  }

  /** It sends no more, and what moved before was told together with that. */
  stop(notify: () => void): void {
    this.#sending.delete(notify)
    this.#moved.delete(notify)
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
