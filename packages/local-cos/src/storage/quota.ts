import { CosError } from '../errors.js'

/** Limits the bytes of content in the store. Space is reserved before a body is read, so a full store refuses at once. */
export class Quota {
  readonly #limit: number
  #used = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get used(): number {
    return this.#used
  }

  /** @throws {@link CosError} `InsufficientStorage` */
  reserve(bytes: number): void {
    if (this.#used + bytes > this.#limit) {
      throw new CosError(
        'InsufficientStorage',
        `The store may hold ${this.#limit} bytes and has no room for ${bytes} more. Nothing of the request was stored.`,
      )
    }
    this.#used += bytes
  }

  /** Adds what was found at start, even beyond the limit. */
  count(bytes: number): void {
    this.#used += bytes
  }

  release(bytes: number): void {
    this.#used -= bytes
  }
}
