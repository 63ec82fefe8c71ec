import { unlessAborted } from '../async/unless-aborted.js'

/** Returns the part numbers to send next; none when there are no more. */
type More = (signal: AbortSignal) => Promise<readonly number[]>

/**
 * Part numbers still to be sent. Parts are added while others are sent: those that differ in the store, and those whose
 * attempt failed. The queue ends once it is empty and nothing can be added any more.
 */
export class PartQueue {
  readonly #waiting: number[]
  readonly #takers = new Set<() => void>()
  /** Number of parts that were taken and are not done, or are still being verified. */
  #open: number
  #more: More | null

  /**
   * @param missing part numbers to send, in this order
   * @param undecided number of parts that may turn out to need sending
   * @param more called when the known parts have run out
   */
  constructor(missing: readonly number[], undecided: number, more: More | null = null) {
    this.#waiting = [...missing].reverse()
    this.#open = undecided
    this.#more = more
  }

  /** The next part number; `null` when there will be none. Rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<number | null> {
    for (;;) {
      signal.throwIfAborted()
      const next = this.#waiting.pop()
      if (next !== undefined) {
        this.#open += 1
        return next
      }
      if (this.#more !== null) {
        await this.#askMore(this.#more, signal)
        continue
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

  /** Parts to send after all others. */
  add(numbers: readonly number[]): void {
    this.#waiting.unshift(...[...numbers].reverse())
  }

  async #askMore(more: More, signal: AbortSignal): Promise<void> {
    const numbers = await more(signal)
    if (numbers.length === 0) this.#more = null
    // Behind the parts that were put back meanwhile.
    this.add(numbers)
  }

  #news(signal: AbortSignal): Promise<void> {
    return unlessAborted(new Promise<void>((resolve) => this.#takers.add(resolve)), signal)
  }

  #wake(): void {
    const takers = [...this.#takers]
    this.#takers.clear()
    for (const wake of takers) wake()
  }
}
