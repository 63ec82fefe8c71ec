import { reasonOf } from './clock.js'

/** A number of places that are entered and left; who comes when all are taken waits, in order. */
export class Places {
  readonly #waiting = new Set<() => void>()
  #free: number

  /** @param count 1 or more */
  constructor(count: number) {
    this.#free = count
  }

  /** Whether there is one, and so nobody waits. */
  get areFree(): boolean {
    return this.#free > 0
  }

  /** Resolves with the way to leave. Calls `onWait` when there is no place now. Rejects with the signal's reason. */
  enter(signal: AbortSignal, onWait: () => void = () => undefined): Promise<() => void> {
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve(this.#leaveOnce())
    }
    onWait()
    // Who hears that it has to wait may not want to: an abort that has come is not told again.
    if (signal.aborted) return Promise.reject(reasonOf(signal))
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', onAbort)
        resolve(this.#leaveOnce())
      }
      const onAbort = (): void => {
        this.#waiting.delete(enter)
        reject(reasonOf(signal))
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(enter)
    })
  }

  #leaveOnce(): () => void {
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
