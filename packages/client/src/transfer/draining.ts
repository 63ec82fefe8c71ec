import { Emitter } from '../async/emitter.js'
import type { Clock } from '../ports.js'

/** What is nearly through when somebody pauses may take so long to arrive. Milliseconds. */
export const longestDrain = 1_000

/** The end of a sending that somebody pauses: nothing new goes out, what is nearly through arrives. */
export class Draining {
  readonly #clock: Clock
  readonly #begun = new Emitter<void>()
  #isBegun = false
  #underWay = 0
  #empty: (() => void) | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether nothing new may go out. */
  get isBegun(): boolean {
    return this.#isBegun
  }

  /** Calls `listener` when it begins. Returns the way to stop. */
  onBegin(listener: () => void): () => void {
    return this.#begun.add(listener)
  }

  /** Resolves once nothing is under way, within a second. */
  begin(): Promise<void> {
    const empty = new Promise<void>((resolve) => {
      this.#empty = resolve
    })
    this.#isBegun = true
    this.#begun.emit()
    if (this.#underWay === 0) return Promise.resolve()
    return Promise.race([empty, this.#clock.sleep(longestDrain)])
  }

  /** A request goes out. @returns to be called when it has ended */
  entered(): () => void {
    this.#underWay += 1
    return () => {
      this.#underWay -= 1
      if (this.#underWay === 0) this.#empty?.()
    }
  }
}
