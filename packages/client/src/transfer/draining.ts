import { Emitter } from '../async/emitter.js'
import type { Clock } from '../ports.js'

/** How long requests that are nearly sent may still take after a pause. Milliseconds. */
export const longestDrain = 1_000

/** Ends the sending on a pause: no new request starts, and those that are nearly sent may finish. */
export class Draining {
  readonly #clock: Clock
  readonly #begun = new Emitter<void>()
  #isBegun = false
  #underWay = 0
  #empty: (() => void) | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether no new request may start. */
  get isBegun(): boolean {
    return this.#isBegun
  }

  /** Calls `listener` when draining begins. Returns a function that removes it. */
  onBegin(listener: () => void): () => void {
    return this.#begun.add(listener)
  }

  /** Begins draining. Resolves once no request is under way, within {@link longestDrain} at the latest. */
  begin(): Promise<void> {
    const empty = new Promise<void>((resolve) => {
      this.#empty = resolve
    })
    this.#isBegun = true
    this.#begun.emit()
    if (this.#underWay === 0) return Promise.resolve()
    return Promise.race([empty, this.#clock.sleep(longestDrain)])
  }

  /** Counts a request as under way. @returns a function to call when it has ended */
  entered(): () => void {
    this.#underWay += 1
    return () => {
      this.#underWay -= 1
      if (this.#underWay === 0) this.#empty?.()
    }
  }
}
