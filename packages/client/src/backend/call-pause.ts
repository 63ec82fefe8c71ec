import { Emitter } from '../async/emitter.js'
import { sleepUnless } from '../async/sleep-unless.js'
import type { Clock } from '../ports.js'
import type { CallTrouble } from './backend-call.js'

/** Milliseconds over which those go on that were asked to wait together: the first finds out for all whether they may. */
const spread = 2_000

/** Waits between calls of the server: cut short together, and kept together when the server asks for one. */
export class CallPause {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #woken = new Emitter<void>()
  #trouble: CallTrouble | null = null

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** Resolves after `ms`, or {@link CallPause.end}; rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return sleepUnless(this.#woken, this.#clock, ms, signal)
  }

  /** The server has asked for it: ten thousand files do not ask it one by one for how long. */
  begin(trouble: CallTrouble): void {
    if (trouble.retryAt > (this.#trouble?.retryAt ?? 0)) this.#trouble = trouble
  }

  /** Resolves once nothing was asked for, or it is over. Rejects with the signal's reason. */
  async over(onWait: (trouble: CallTrouble) => void, signal: AbortSignal): Promise<void> {
    for (;;) {
      const trouble = this.#trouble
      const left = (trouble?.retryAt ?? 0) - this.#clock.now()
      if (trouble === null || left <= 0) return
      onWait(trouble)
      await this.sleep(left + this.#random() * spread, signal)
    }
  }

  /** Whoever waits goes on now. */
  end(): void {
    this.#trouble = null
    this.#woken.emit()
  }
}
