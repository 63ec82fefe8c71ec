/**
 * How many bytes each of several transfers may keep in memory: all together so many, and each between a least and a
 * most. A few transfers get large buffers, and many do not fill the memory.
 */
export class SharedBuffers {
  readonly #total: number
  readonly #least: number
  readonly #most: number
  #users = 0

  /** In bytes. With more users than `total / least`, together they take more than `total`. */
  constructor(total: number, least: number, most: number) {
    this.#total = total
    this.#least = least
    this.#most = most
  }

  /** @returns the function that ends the use. May be called again. */
  join(): () => void {
    this.#users++
    let left = false
    return () => {
      if (!left) this.#users--
      left = true
    }
  }

  /** Bytes that each user may keep now. */
  get share(): number {
    return Math.max(this.#least, Math.min(this.#most, Math.floor(this.#total / Math.max(1, this.#users))))
  }
}
