/**
 * Divides a total of memory among concurrent transfers, within a minimum and a maximum for each. Few transfers
 * get large buffers, and many do not fill the memory.
 */
export class SharedBuffers {
  readonly #total: number
  readonly #least: number
  readonly #most: number
  #users = 0

  /** All in bytes. With more than `total / least` users, they exceed `total` together. */
  constructor(total: number, least: number, most: number) {
    this.#total = total
    this.#least = least
    this.#most = most
  }

  /** @returns a function that ends the use; may be called more than once. */
  join(): () => void {
    this.#users++
    let left = false
    return () => {
      if (!left) this.#users--
      left = true
    }
  }

  /** Bytes each user may hold now. */
  get share(): number {
    return Math.max(this.#least, Math.min(this.#most, Math.floor(this.#total / Math.max(1, this.#users))))
  }
}
