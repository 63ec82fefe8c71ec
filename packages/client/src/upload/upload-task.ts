import { Deferred } from '../async/deferred.js'
import { Emitter } from '../async/emitter.js'
import { ProgressMeter } from '../core/progress.js'
import { reduce } from '../core/state.js'
import type { UploadEvent, UploadStatus } from '../core/state.js'
import { aboutFile, toUploadError } from '../core/upload-errors.js'
import type { FileSource } from '../ports.js'
import { UploadError } from '../upload-types.js'
import type {
  Metadata,
  OtherTab,
  Upload,
  UploadProgress,
  UploadResult,
  UploadSnapshot,
} from '../upload-types.js'
import type { OtherTabs, StatusMessage } from './other-tabs.js'
import { PartsTransfer } from './steps/transfer-parts.js'
import { RunState } from './run-state.js'
import { runUpload } from './run-upload.js'
import { ServerCalls } from './server-calls.js'
import { discard, keptIdOf } from './steps/discard.js'
import type { UploadContext } from './upload-context.js'
import type { RunOptions, RunSignals, UploadJob } from './upload-job.js'

/**
 * One upload as the application sees it: its state and its current run. Pausing ends the run, resuming starts another;
 * what was achieved stays in the {@link RunState}. While another tab has the same upload, this one shows that tab's
 * status and forwards commands to it: {@link OtherTabs}.
 */
export class UploadTask implements Upload {
  readonly file: FileSource
  readonly #context: UploadContext
  readonly #otherTabs: OtherTabs
  readonly #job: UploadJob
  readonly #state: RunState
  readonly #changed = new Emitter<UploadSnapshot>()
  readonly #notify = (): void => this.#publish()
  /** Cached snapshot; `null` after a change. */
  #seen: UploadSnapshot | null = null
  #status: UploadStatus = { state: 'waiting', waitReason: 'queue' }
  /** Aborts the current run. */
  #controller: AbortController | null = null
  #run: Promise<void> = Promise.resolve()
  readonly metadata?: Metadata
  #result = new Deferred<UploadResult>()
  #cancelling: Promise<void> | null = null

  /** Starts the upload immediately. */
  constructor(context: UploadContext, file: FileSource, { expected, onDuplicate, metadata }: RunOptions) {
    this.#context = context
    this.file = file
    if (metadata) this.metadata = metadata
    const meter = new ProgressMeter(file.size, () => context.pool.share)
    this.#otherTabs = context.tabs.join({
      upload: this,
      status: () => this.#status,
      heard: (status) => this.#heard(status),
      tookOver: (paused) => this.#tookOver(paused),
    })
    this.#state = new RunState(meter)
    this.#job = {
      context,
      file,
      expected,
      onDuplicate,
      calls: new ServerCalls(context, metadata),
      transfer: new PartsTransfer(context, meter),
      meter,
      onProgress: () => {
        this.#seen = null
        context.ticker.moved(this.#notify)
      },
    }
    this.#start()
  }

  get id(): string | null {
    return this.#state.upload?.id ?? this.#otherTabs.id ?? keptIdOf(this.#job.expected)
  }

  get done(): Promise<UploadResult> {
    return this.#result.promise
  }

  get snapshot(): UploadSnapshot {
    return (this.#seen ??= this.#look())
  }

  on(_event: 'change', listener: (snapshot: UploadSnapshot) => void): () => void {
    return this.#changed.add(listener)
  }

  pause(): void {
    if (this.#otherTabs.lastStatus === null) this.#pauseHere()
    else this.#otherTabs.command('pause')
  }

  resume(): void {
    if (this.#status.state === 'waiting') this.#context.retryNow()
    if (this.#otherTabs.lastStatus?.state === 'paused') this.#otherTabs.command('resume')
    const failedWith = this.#status.state === 'failed' ? this.#status.error : null
    if (!this.#apply({ type: 'resume' })) return
    this.#controller?.abort(new Error('Resumed.'))
    if (failedWith !== null) {
      this.#result = new Deferred()
      if (failedWith.code === 'file-changed' || failedWith.code === 'checksum-mismatch') this.#state.forget()
    }
    this.#start()
  }

  cancel(): Promise<void> {
    if (this.#status.state === 'done') return Promise.resolve()
    return (this.#cancelling ??= this.#cancel())
  }

  /** Stops, and lets other tabs take over the upload. */
  close(): void {
    this.#pauseHere(true)
    void this.#run.then(() => this.#otherTabs.leave())
  }

  /** @param atOnce whether to abort even requests that are nearly sent */
  #pauseHere(atOnce = false): void {
    const { state } = this.#status
    const controller = this.#controller
    const stop = (): void => controller?.abort(new Error('Paused.'))
    if (this.#apply({ type: 'pause' })) {
      const drained = atOnce ? null : this.#job.transfer.drain()
      if (drained === null) stop()
      else {
        // How much was given up is known only after the run has ended.
        void drained
          .then(stop)
          .then(() => this.#run)
          .then(this.#notify)
      }
    } else if (atOnce && state === 'paused') stop()
  }

  async #cancel(): Promise<void> {
    const other = this.#otherTabs.lastStatus
    if (other !== null) {
      await this.#otherTabs.cancel(this.#result.promise)
      // If the upload failed in this tab meanwhile, there is still something to remove.
      const { state } = this.#status
      if (state === 'done' || state === 'cancelled') return this.#run
    }
    this.#controller?.abort(new Error('Cancelled.'))
    // After the complete request was sent, only the server knows whether it or the cancellation came first.
    if (this.#state.completeRequest === null) this.#becomeCancelled()
    await this.#run
    const controller = new AbortController()
    this.#controller = controller
    try {
      const result = await discard(this.#job, this.#state, other?.id ?? null, controller.signal)
      if (result === null) this.#becomeCancelled()
      else this.#succeed(result)
      this.#otherTabs.leave()
    } catch (error) {
      this.#otherTabs.leave('silently')
      this.#cancelling = null
      throw toUploadError(error, aboutFile(this.file))
    }
  }

  #start(): void {
    const before = this.#run
    const controller = new AbortController()
    this.#controller = controller
    const { signal } = controller
    // Late events of a stopped run must not change the state of the next one.
    const dispatch = (event: UploadEvent): void => {
      if (!signal.aborted) this.#apply(event)
    }
    const run = async (): Promise<void> => {
      await before
      try {
        signal.throwIfAborted()
        this.#succeed(await this.#go({ signal, dispatch }))
      } catch (error) {
        if (!signal.aborted) this.#fail(toUploadError(error, aboutFile(this.file)))
      } finally {
        // Stops whatever the run has left running.
        controller.abort()
      }
    }
    this.#run = run()
  }

  async #go(signals: RunSignals): Promise<UploadResult> {
    const { finished } = this.#otherTabs
    if (finished !== null) {
      // Check that the object which the other tab finished has this file's content; shown as the finishing state.
      signals.dispatch({ type: 'finish' })
      const { isSameContent } = await this.#context.loadLazy()
      if (await isSameContent(this.#context, this.file, finished, signals.signal)) return finished
      this.#otherTabs.finished = null
      // The upload was cancelled before anything was sent for this file: do not start.
      if (this.#cancelling !== null) throw this.#cancelled()
      signals.dispatch({ type: 'wait', reason: 'queue' })
    }
    return runUpload(this.#job, this.#state, this.#otherTabs, signals)
  }

  #heard({ state, result }: StatusMessage): void {
    if (this.#otherTabs.lastStatus === null) return
    if (state === 'done' && result !== undefined) {
      this.#otherTabs.finished = result
      this.#controller?.abort()
      this.#start()
    } else if (state === 'cancelled') {
      this.#controller?.abort()
      this.#becomeCancelled()
    }
    this.#show()
  }

  #tookOver(paused: boolean): void {
    if (paused || this.#cancelling !== null) this.#pauseHere()
    this.#otherTabs.letGo()
    this.#show()
  }

  #succeed(result: UploadResult): void {
    if (this.#status.state === 'failed') this.#result = new Deferred()
    if (this.#apply({ type: 'succeed', result })) this.#result.resolve(result)
    this.#otherTabs.leave()
  }

  #fail(error: UploadError): void {
    if (this.#apply({ type: 'fail', error })) this.#result.reject(error)
    this.#otherTabs.leave()
  }

  #becomeCancelled(): void {
    if (!this.#apply({ type: 'cancel' })) return
    this.#result.reject(this.#cancelled())
  }

  #cancelled(): UploadError {
    return new UploadError('cancelled', `${aboutFile(this.file)}: the upload was cancelled.`)
  }

  /** Returns whether the event changed the state. */
  #apply(event: UploadEvent): boolean {
    const next = reduce(this.#status, event)
    if (next === this.#status) return false
    this.#status = next
    this.#publish()
    if (next.state === 'uploading') this.#context.ticker.start(this.#notify)
    else this.#context.ticker.stop(this.#notify)
    return true
  }

  #publish(): void {
    this.#show()
    this.#otherTabs.publish()
  }

  #show(): void {
    // Progress estimates also depend on the time, so drop the cached snapshot.
    this.#seen = null
    this.#changed.emit(this.snapshot)
  }

  #look(): UploadSnapshot {
    const { lastStatus, finished } = this.#otherTabs
    const { resumedBytes, duplicates } = this.#state
    const duplicate = duplicates?.check ?? null
    const counted = this.#job.meter.snapshot(this.#context.clock.now())
    const progress = this.#status.state === 'done' || finished !== null ? allOf(counted) : counted
    return {
      lastError: null,
      ...this.#status,
      progress: lastStatus?.progress ?? progress,
      resumedBytes,
      ...(lastStatus === null ? duplicate !== null && { duplicate } : { otherTab: otherTabOf(lastStatus) }),
    }
  }
}

function otherTabOf({ state, waitReason }: StatusMessage): OtherTab {
  return { state, ...(waitReason !== undefined && { waitReason }) }
}

/** The progress of an upload that is fully stored. */
function allOf(progress: UploadProgress): UploadProgress {
  const { total } = progress
  return { ...progress, loaded: total, sent: total, percent: 100, speed: null, secondsLeft: null, lost: 0 }
}
