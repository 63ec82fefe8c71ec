import { StoreError } from '../store-error.js'

/** Aborts a request that makes no progress: each progress restarts its timer. */
export class Watchdog {
  readonly #controller = new AbortController()
  readonly #limit: number
  readonly #what: string
  #timer: ReturnType<typeof setTimeout> | undefined

  /**
   * @param what for the message: `ListParts of "a.bin"`
   * @param limit milliseconds without progress
   */
  constructor(what: string, limit: number) {
    this.#what = what
    this.#limit = limit
  }

  /** Aborted with a {@link StoreError} `NetworkError` once the time is up. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Starts the timer, or restarts it after progress. @param limit milliseconds, this once */
  watch(limit = this.#limit): void {
    this.stop()
    this.#timer = setTimeout(() => {
      const message = `${this.#what} made no progress for ${limit / 1000} s and was given up.`
      this.#controller.abort(new StoreError(message, { code: 'NetworkError', status: 0 }))
    }, limit)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
