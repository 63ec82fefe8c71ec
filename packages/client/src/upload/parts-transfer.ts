import { abortScope } from '../async/abort-scope.js'
import type { UploadContext } from './upload-context.js'
import { Draining } from '../transfer/draining.js'
import { transfer } from '../transfer/transfer.js'
import type { TransferInput } from '../transfer/transfer.js'
import type { RunSignals } from './upload-job.js'
import type { ProgressMeter } from '../core/progress.js'
import type { RunContext } from '../transfer/run-context.js'

/** The sending of one upload's parts, as it is shown and paused. */
export class PartsTransfer {
  readonly #context: UploadContext
  readonly #meter: ProgressMeter
  /** Of the run that is under way. */
  #run: { readonly draining: Draining; readonly show: () => void } | null = null

  constructor(context: UploadContext, meter: ProgressMeter) {
    this.#context = context
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
    this.#meter.stopping(this.#context.clock.now())
    return this.#run.draining.begin()
  }

  /** Resolves when the store has all parts. Rejects as {@link transfer}. */
  async run(run: RunContext, input: TransferInput, { signal, dispatch }: RunSignals): Promise<void> {
    const { breaker, clock, picks, copies } = this.#context
    const show = (): void => {
      const { wait } = breaker
      dispatch(wait === null ? { type: 'transfer' } : { type: 'wait', ...wait })
    }
    show()
    this.#meter.begin(clock.now())
    const stopWatching = breaker.onChange(show)
    const { controller, close } = abortScope(signal)
    const draining = new Draining(clock)
    this.#run = { draining, show }
    // Of what the queue has copied already no second copy is made.
    if (picks?.holds(run.file) !== true) copies?.keep(run)
    try {
      await transfer(run, input, draining, controller.signal)
    } finally {
      controller.abort(new Error('The transfer has ended.'))
      close()
      stopWatching()
      this.#run = null
      this.#meter.end()
    }
  }
}
