import { reasonOf } from '../async/clock.js'

/** A request waiting for a permit. */
export interface Waiting {
  readonly owner: object
  /** Size of the request. */
  readonly bytes: number
  /** Ends the waiting. */
  readonly admit: () => void
}

/** Requests waiting for a permit, in the order of arrival. */
export class WaitQueue {
  readonly #waiting: Waiting[] = []

  /**
   * Resolves with the result of `take` on admission; rejects with the signal's reason.
   *
   * @param onLeft called when a waiting request was aborted
   */
  wait<T>(
    { owner, bytes }: Omit<Waiting, 'admit'>,
    signal: AbortSignal,
    take: () => T,
    onLeft: () => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(reasonOf(signal))
        return
      }
      const onAbort = (): void => {
        this.#remove(waiting)
        reject(reasonOf(signal))
        onLeft()
      }
      const waiting: Waiting = {
        owner,
        bytes,
        admit: () => {
          this.#remove(waiting)
          signal.removeEventListener('abort', onAbort)
          resolve(take())
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(waiting)
    })
  }

  /** Among the requests whose owners hold the fewest permits, the one that came first. */
  neediest(permitsOf: (owner: object) => number): Waiting | undefined {
    return this.#waiting.reduce<Waiting | undefined>(
      (best, next) => (best === undefined || permitsOf(next.owner) < permitsOf(best.owner) ? next : best),
      undefined,
    )
  }

  #remove(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting)
    if (index !== -1) this.#waiting.splice(index, 1)
  }
}
