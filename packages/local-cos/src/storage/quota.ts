import { CosError } from '../errors.js'

/** Bytes of content the store may hold. Space is reserved before a body is read, so a full store refuses at once. */
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

  /** Counts what was found at start, whatever the limit. */
  count(bytes: number): void {
    this.#used += bytes
  }

  release(bytes: number): void {
    this.#used -= bytes
  }
}
