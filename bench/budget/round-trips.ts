/**
 * Counts calls and the length of their longest sequential chain, in which each call began after the previous one had
 * ended. Each call of a chain costs one round trip, however fast the line is.
 */
export class RoundTrips {
  #calls = 0
  #longestEnded = 0
  #longest = 0

  get calls(): number {
    return this.#calls
  }

  /** Number of calls in the longest chain. */
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
