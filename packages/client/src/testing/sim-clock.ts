import { reasonOf } from '../async/clock.js'
import type { Clock } from '../ports.js'

interface Timer {
  readonly at: number
  readonly fire: () => void
}

/** Milliseconds: two days. */
const tooLong = 2 * 86_400_000

/**
 * Simulated time: it stands still while code runs, and then jumps to the next moment that code waits for. Hours of
 * waiting take no time, and every run with the same seed is identical.
 */
export class SimClock implements Clock {
  /** Milliseconds by which the machine's wall clock is ahead of the true time. */
  skew = 0
  #now = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }

  /** The true time, which store and server use. Unix milliseconds. */
  trueTime(): number {
    return Date.UTC(2026, 0, 1) + this.#now
  }

  wallTime(): number {
    return this.trueTime() + this.skew
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(reasonOf(signal))
        return
      }
      const onAbort = (): void => {
        this.#timers.delete(timer)
        reject(reasonOf(signal))
      }
      const timer: Timer = {
        at: this.#now + Math.max(0, ms),
        fire: () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      this.#timers.add(timer)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /**
   * Advances time until `work` settles, and settles like it. Throws when nothing is left to wait for, or after days
   * of simulated time, because it would never end.
   */
  async run<T>(work: Promise<T>): Promise<T> {
    const latest = this.#now + tooLong
    const outcome = { settled: false }
    const settle = (): void => {
      outcome.settled = true
    }
    work.then(settle, settle)
    for (;;) {
      await quiet()
      if (outcome.settled) return work
      if (this.#now > latest) throw new Error('This goes on for days.')
      this.#jump()
    }
  }

  /** Advances time by `ms`. */
  async pass(ms: number): Promise<void> {
    await this.run(this.sleep(ms))
  }

  #jump(): void {
    let next: Timer | undefined
    for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer
    if (next === undefined) throw new Error(`Deadlock after ${this.#now} ms: everybody waits, for nothing.`)
    this.#now = next.at
    this.#timers.delete(next)
    next.fire()
  }
}

/**
 * Resolves once every promise that can settle without time passing has settled. Runs twice: reading a Blob in memory
 * takes a separate immediate, which may be queued behind the first.
 */
async function quiet(): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
