/** Milliseconds that a callback may run early, to balance those that run late. */
const earliness = 0.6

/**
 * Runs callbacks at given times, in the order in which they were added, with a single timer. Times must not decrease.
 */
export class DelayLine {
  #waiting: { readonly at: number; readonly run: () => void }[] = []
  #next = 0
  #timer: NodeJS.Timeout | null = null

  /** @param at milliseconds of `performance.now()`; a time before the previous callback's counts as the same time */
  add(at: number, run: () => void): void {
    this.#waiting.push({ at, run })
    this.#arm()
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#waiting = []
    this.#next = 0
  }

  #arm(): void {
    const first = this.#waiting[this.#next]
    if (first === undefined || this.#timer !== null) return
    // Timers count whole milliseconds and fire up to 1 ms late. Rounding down makes early and late runs even out.
    this.#timer = setTimeout(() => this.#runDue(), Math.max(0, Math.floor(first.at - performance.now())))
  }

  #runDue(): void {
    this.#timer = null
    const due = performance.now() + earliness
    for (;;) {
      const first = this.#waiting[this.#next]
      if (first === undefined || first.at > due) break
      this.#next++
      first.run()
    }
    if (this.#next > 1024 || this.#next === this.#waiting.length) {
      this.#waiting.splice(0, this.#next)
      this.#next = 0
    }
    this.#arm()
  }
}
