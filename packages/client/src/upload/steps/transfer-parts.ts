import { sizeOf } from '@carryon/protocol'
import { abortScope } from '../../async/abort-scope.js'
import type { Fingerprint } from '../../content/fingerprint.js'
import type { ProgressMeter } from '../../core/progress.js'
import type { UploadEvent } from '../../core/state.js'
import { Draining } from '../../transfer/draining.js'
import { RenewableGrant } from '../../transfer/renewable-grant.js'
import type { RenewableGrantOptions } from '../../transfer/renewable-grant.js'
import type { RunContext } from '../../transfer/run-context.js'
import { transfer } from '../../transfer/transfer.js'
import type { TransferInput } from '../../transfer/transfer.js'
import type { RunState } from '../run-state.js'
import type { UploadContext } from '../upload-context.js'
import type { RunControl, RunSignals, UploadJob } from '../upload-job.js'
import type { Opened } from './open.js'

/** Uploads every missing part. Returns what the complete step needs. */
export async function transferParts(
  job: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  { opened, layout, remembered }: Opened,
  control: RunControl,
): Promise<RunContext> {
  const { context, file, meter, onProgress } = job
  const { upload, checksums, parts: stored } = opened
  const run: RunContext = {
    context,
    file,
    fingerprint,
    upload,
    layout,
    get plan() {
      return layout.plan
    },
    checksums,
    grant: grantOf(job, { opened, layout }, control),
    uploaded: state.uploaded,
    verifiedBy: state.verifiedBy,
    meter,
    onProgress,
  }
  const onFound = (bytes: number): void => {
    state.resumedBytes += bytes
  }
  await job.transfer.run(run, { stored, remembered, onFound }, control)
  return run
}

/** The access grant from opening the upload, renewed until the run ends. */
function grantOf(
  { context: { storeClock, createSigner, clock, usual }, calls, transfer }: UploadJob,
  { opened, layout }: Pick<Opened, 'opened' | 'layout'>,
  { signal, dispatch }: RunControl,
): RenewableGrant {
  const { upload } = opened
  const renew: RenewableGrantOptions['renew'] = async (partNumbers, scope) => {
    // Do not report trouble with an early renewal while nothing is being sent.
    const told = (event: UploadEvent): void => {
      if (transfer.isUnderWay) dispatch(event)
    }
    const sizes = partNumbers?.map((partNumber) => sizeOf(layout.plan, partNumber))
    const renewed = await calls.renewAccess(upload.id, partNumbers, sizes, { signal: scope, dispatch: told })
    transfer.show()
    return renewed
  }
  return new RenewableGrant({
    upload,
    lastPart: () => layout.fixed,
    first: opened,
    takesForms: () => usual.forms !== false,
    now: () => clock.now(),
    clock: storeClock,
    signal,
    renew,
    ...(createSigner && { createSigner }),
  })
}

/** Sends the parts of one upload, publishes its state and pauses it. */
export class PartsTransfer {
  readonly #context: UploadContext
  readonly #meter: ProgressMeter
  /** The current run; `null` while nothing is sent. */
  #run: { readonly draining: Draining; readonly show: () => void } | null = null

  constructor(context: UploadContext, meter: ProgressMeter) {
    this.#context = context
    this.#meter = meter
  }

  get isUnderWay(): boolean {
    return this.#run !== null
  }

  /** Dispatches the state of the transfer again after another state was dispatched. */
  show(): void {
    this.#run?.show()
  }

  /**
   * Starts no new request, and lets requests that are nearly sent finish.
   *
   * @returns a promise that resolves within a second; `null` when nothing is being sent
   */
  drain(): Promise<void> | null {
    if (this.#run === null) return null
    this.#meter.stopping(this.#context.clock.now())
    return this.#run.draining.begin()
  }

  /** Resolves when the store has all parts. Rejects like {@link transfer}. */
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
    // Make no second copy of a file that the queue has copied already.
    if (picks?.holds(run.file) !== true) copies?.keep(run)
    try {
      await transfer(run, input, draining, controller.signal)
    } finally {
      controller.abort()
      close()
      stopWatching()
      this.#run = null
      this.#meter.end()
    }
  }
}
