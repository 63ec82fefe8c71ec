/**
 * Counts calls, and how many of them had to wait for another: the longest chain in which each began after the one before
 * had ended. A chain costs a round trip a link, whatever the line.
 */
export class RoundTrips {
  #calls = 0
  #longestEnded = 0
  #longest = 0

  get calls(): number {
    return this.#calls
  }

  /** Links of the longest chain. */
  get inSequence(): number {
    return this.#longest
  }

  async count<T>(call: () => Promise<T>): Promise<T> {
    const place = this.#longestEnded + 1
    this.#calls++
    this.#longest = Math.max(this.#longest, place)
    try {
      return await call()
    } finally {
      this.#longestEnded = Math.max(this.#longestEnded, place)
    }
  }
}
