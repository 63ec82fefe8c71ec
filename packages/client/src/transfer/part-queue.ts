import { reasonOf } from '../async/clock.js'

/**
 * Part numbers still to be sent. Parts come in while others go out: those found different in the store, and those
 * whose attempt failed. It is empty for good once nobody can add any more.
 */
export class PartQueue {
  readonly #waiting: number[]
  readonly #takers = new Set<() => void>()
  /** Taken and not yet done, or still being looked at by a verifier. */
  #open: number
  #more: (() => readonly number[]) | null

  /**
   * @param missing part numbers to send, in this order
   * @param undecided parts of which it is not known yet whether they have to be sent
   * @param more asked once, when the first part after `missing` is wanted: part numbers to send then
   */
  constructor(missing: readonly number[], undecided: number, more: (() => readonly number[]) | null = null) {
    this.#waiting = [...missing].reverse()
    this.#open = undecided
    this.#more = more
  }

  /** The next part number; `null` when there will be none. Rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<number | null> {
    for (;;) {
      signal.throwIfAborted()
      const next = this.#waiting.pop() ?? this.#nextOfMore()
      if (next !== undefined) {
        this.#open += 1
        return next
      }
      if (this.#open === 0) return null
      await this.#news(signal)
    }
  }

  /** A part that was taken or undecided needs no sending (any more). */
  settle(): void {
    this.#open -= 1
    this.#wake()
  }

  /** A part that was taken or undecided has to be sent (again), before all others. */
  putBack(partNumber: number): void {
    this.#open -= 1
    this.#waiting.push(partNumber)
    this.#wake()
  }

  #nextOfMore(): number | undefined {
    const more = this.#more
    this.#more = null
    if (more !== null) this.#waiting.push(...[...more()].reverse())
    return this.#waiting.pop()
  }

  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#takers.delete(wake)
        reject(reasonOf(signal))
      }
      const wake = (): void => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#takers.add(wake)
    })
  }

  #wake(): void {
    const takers = [...this.#takers]
    this.#takers.clear()
    for (const wake of takers) wake()
  }
}
