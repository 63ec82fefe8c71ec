import { reasonOf } from '../async/clock.js'

/** Somebody who waits for a permit. */
export interface Waiting {
  readonly owner: object
  /** What it wants to send. */
  readonly bytes: number
  /** Ends the waiting. */
  readonly admit: () => void
}

/** Who waits for a permit, in the order in which they came. */
export class WaitQueue {
  readonly #waiting: Waiting[] = []

  /**
   * Resolves with what `take` answers when it is admitted; rejects with the signal's reason.
   *
   * @param onLeft called when one who waited has gone
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

  /** Of those whose owners hold the fewest permits the one who came first. */
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
