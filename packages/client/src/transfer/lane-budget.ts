import { reasonOf } from '../async/clock.js'
import { acknowledged, congested, initialLanes } from './lane-control.js'
import type { LaneState } from './lane-control.js'
import type { Clock } from '../seams.js'

/** The right to have one request to the store under way. */
export interface Lane {
  release(): void
}

interface Waiting {
  readonly owner: object
  readonly grant: (lane: Lane) => void
}

/**
 * One budget of lanes for all files. A lane that falls free goes to the file that holds the fewest, so a small
 * file waits for one part of a large one at most, never for all of it.
 */
export class LaneBudget {
  readonly #clock: Clock
  readonly #held = new Map<object, number>()
  readonly #waiting: Waiting[] = []
  #state: LaneState
  #inUse = 0

  constructor(ceiling: number, clock: Clock) {
    this.#state = initialLanes(ceiling)
    this.#clock = clock
  }

  /** How many lanes there are now. */
  get lanes(): number {
    return this.#state.lanes
  }

  /** Resolves once `owner` may send; rejects with the signal's reason. */
  acquire(owner: object, signal: AbortSignal): Promise<Lane> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(reasonOf(signal))
        return
      }
      const onAbort = (): void => {
        const index = this.#waiting.indexOf(entry)
        if (index !== -1) this.#waiting.splice(index, 1)
        reject(reasonOf(signal))
      }
      const entry: Waiting = {
        owner,
        grant: (lane) => {
          signal.removeEventListener('abort', onAbort)
          resolve(lane)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(entry)
      this.#hand()
    })
  }

  /** The store acknowledged `bytes`; call before the lane is released. */
  acknowledged(bytes: number): void {
    const busy = this.#inUse >= this.#state.lanes
    this.#state = acknowledged(this.#state, bytes, this.#clock.now(), busy)
    this.#hand()
  }

  /** The store or the network ask for less. */
  congested(): void {
    this.#state = congested(this.#state, this.#clock.now())
  }

  #hand(): void {
    while (this.#inUse < this.#state.lanes) {
      const next = this.#neediest()
      if (next === undefined) return
      this.#waiting.splice(this.#waiting.indexOf(next), 1)
      next.grant(this.#take(next.owner))
    }
  }

  #neediest(): Waiting | undefined {
    const held = (waiting: Waiting): number => this.#held.get(waiting.owner) ?? 0
    return this.#waiting.reduce<Waiting | undefined>(
      (best, next) => (best === undefined || held(next) < held(best) ? next : best),
      undefined,
    )
  }

  #take(owner: object): Lane {
    this.#inUse += 1
    this.#held.set(owner, (this.#held.get(owner) ?? 0) + 1)
    let released = false
    return {
      release: () => {
        if (released) return
        released = true
        this.#inUse -= 1
        const rest = (this.#held.get(owner) ?? 1) - 1
        if (rest === 0) this.#held.delete(owner)
        else this.#held.set(owner, rest)
        this.#hand()
      },
    }
  }
}
