import type { Clock } from '../ports.js'

/**
 * Milliseconds between progress events. Each makes the page draw, which may be delayed when all cores are busy, and
 * nobody can read numbers that change more often.
 */
const progressInterval = 500
/** Milliseconds after which an overdue timer is no longer waited for. */
const late = 3_000
/** Milliseconds between events while nothing moves, so that a stalled line's speed is seen to fall. */
const tick = 1_000

/**
 * Decides when listeners are notified of progress. One ticker serves all uploads of a page, because hundreds of small
 * files a second must not set hundreds of timers.
 */
export class ProgressTicker {
  readonly #clock: Clock
  /** Listeners to notify at the next flush. */
  #moved = new Set<() => void>()
  /** When the next flush is due, in milliseconds of the clock; `null` if none is scheduled. */
  #dueAt: number | null = null
  /** Listeners of uploads that are sending; they are notified even if nothing moves. */
  readonly #sending = new Set<() => void>()
  #isTicking = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Something has moved. Calls `notify` within half a second, once for everything that moves until then. */
  moved(notify: () => void): void {
    this.#moved.add(notify)
    const now = this.#clock.now()
    // Timers of a hidden tab may be a minute late, but messages from a worker are not.
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

  /** Calls `notify` every second until {@link stop}; for uploads that are sending, not for those that wait. */
  start(notify: () => void): void {
    this.#sending.add(notify)
    if (!this.#isTicking) void this.#tick()
  }

  /** Stops both kinds of notification; the change of state has already published the last progress. */
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
