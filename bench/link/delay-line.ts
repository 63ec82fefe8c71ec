/** Milliseconds that something may run before its time, so as not to run as much after it. */
const earliness = 0.6

/** Runs things at the times given, in the order given: times never go backwards. One timer for all of them. */
export class DelayLine {
  #waiting: { readonly at: number; readonly run: () => void }[] = []
  #next = 0
  #timer: NodeJS.Timeout | null = null

  /** @param at milliseconds of `performance.now()`; earlier than the one before counts as at the same time */
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
    // Timers count whole milliseconds and fire up to one late: rounded down, early and late even out.
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
