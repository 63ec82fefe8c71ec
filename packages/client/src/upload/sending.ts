import { abortScope } from '../async/abort-scope.js'
import type { Engine } from '../engine.js'
import { Draining } from '../transfer/draining.js'
import { transfer } from '../transfer/transfer.js'
import type { TransferInput } from '../transfer/transfer.js'
import type { Way } from './already-there.js'
import type { ProgressMeter } from './progress.js'
import type { Session } from './session.js'

/** The sending of one upload's parts, as it is shown and paused. */
export class Sending {
  readonly #engine: Engine
  readonly #meter: ProgressMeter
  /** Of the run that is under way. */
  #run: { readonly draining: Draining; readonly show: () => void } | null = null

  constructor(engine: Engine, meter: ProgressMeter) {
    this.#engine = engine
    this.#meter = meter
  }

  get isUnderWay(): boolean {
    return this.#run !== null
  }

  /** Tells how it stands, after something else was told. */
  show(): void {
    this.#run?.show()
  }

  /**
   * Sends nothing new, and lets what is nearly through arrive.
   *
   * @returns resolves within a second; `null` when nothing is being sent
   */
  drain(): Promise<void> | null {
    if (this.#run === null) return null
    this.#meter.stopping(this.#engine.clock.now())
    return this.#run.draining.begin()
  }

  /** Resolves when the store has all parts. Rejects as {@link transfer}. */
  async run(session: Session, input: TransferInput, { signal, tell }: Way): Promise<void> {
    const { outage, clock, picks, keeper } = this.#engine
    const show = (): void => {
      const { wait } = outage
      tell(wait === null ? { type: 'transfer' } : { type: 'wait', ...wait })
    }
    show()
    this.#meter.begin(clock.now())
    const stopWatching = outage.onChange(show)
    const { controller, close } = abortScope(signal)
    const draining = new Draining(clock)
    this.#run = { draining, show }
    // Of what the queue has copied already no second copy is made.
    if (picks?.holds(session.file) !== true) keeper?.keep(session)
    try {
      await transfer(session, input, draining, controller.signal)
    } finally {
      controller.abort(new Error('The transfer has ended.'))
      close()
      stopWatching()
      this.#run = null
      this.#meter.end()
    }
  }
}
