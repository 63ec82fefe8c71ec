import { reasonOf } from './clock.js'

/** Counting semaphore, first in, first out. */
export class Semaphore {
  readonly #waiting = new Set<() => void>()
  #free: number

  /** @param count 1 or more */
  constructor(count: number) {
    this.#free = count
  }

  /** Whether a place is free, which also means that nobody waits. */
  get isFree(): boolean {
    return this.#free > 0
  }

  /**
   * Resolves with the function that releases the place. Calls `onWait` when none is free now. Rejects with the signal's
   * reason.
   */
  acquire(signal: AbortSignal, onWait: () => void = () => undefined): Promise<() => void> {
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve(this.#releaseOnce())
    }
    onWait()
    // `onWait` may have aborted the signal, and an aborted signal fires no further event.
    if (signal.aborted) return Promise.reject(reasonOf(signal))
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', onAbort)
        resolve(this.#releaseOnce())
      }
      const onAbort = (): void => {
        this.#waiting.delete(enter)
        reject(reasonOf(signal))
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(enter)
    })
  }

  #releaseOnce(): () => void {
    let left = false
    return () => {
      if (left) return
      left = true
      const [next] = this.#waiting
      if (next === undefined) {
        this.#free += 1
        return
      }
      this.#waiting.delete(next)
      next()
    }
  }
}
