import { Deferred } from './deferred.js'
import { Emitter } from './emitter.js'
import type { Engine } from './engine.js'
import { Passage } from './passage.js'
import type { Expected } from './passage.js'
import { ProgressMeter } from './progress.js'
import type { FileSource } from './seams.js'
import { aboutFile } from './session.js'
import { reduce } from './state.js'
import type { UploadEvent, UploadStatus } from './state.js'
import { toUploadError } from './upload-errors.js'
import { UploadError } from './upload-types.js'
import type { Upload, UploadProgress, UploadResult, UploadSnapshot } from './upload-types.js'

/** Milliseconds between progress events. */
const progressInterval = 100
/** Milliseconds between events while nothing moves, so that a stalled line's speed is seen to fall. */
const tick = 1_000

/**
 * One upload as the application sees it: its state, and the one run that is under way. Pausing ends the run,
 * resuming starts another; what was achieved stays in the {@link Passage}.
 */
export class UploadTask implements Upload {
  readonly file: FileSource
  readonly #engine: Engine
  readonly #meter: ProgressMeter
  readonly #passage: Passage
  readonly #changed = new Emitter<UploadSnapshot>()
  #status: UploadStatus = { state: 'waiting', waitReason: 'queue' }
  #controller = new AbortController()
  #run: Promise<void> = Promise.resolve()
  #result = new Deferred<UploadResult>()
  #cancelling: Promise<void> | null = null
  #reportDue = false
  #ticking = false

  /** Starts at once. */
  constructor(engine: Engine, file: FileSource, expected: Expected | null) {
    this.#engine = engine
    this.file = file
    this.#meter = new ProgressMeter(file.size)
    this.#passage = new Passage(engine, file, expected, this.#meter, () => this.#report())
    this.#start()
  }

  get id(): string | null {
    return this.#passage.id
  }

  get done(): Promise<UploadResult> {
    return this.#result.promise
  }

  get snapshot(): UploadSnapshot {
    return { ...this.#status, progress: this.#progress(), resumedBytes: this.#passage.resumedBytes }
  }

  on(_event: 'change', listener: (snapshot: UploadSnapshot) => void): () => void {
    return this.#changed.add(listener)
  }

  pause(): void {
    if (this.#apply({ type: 'pause' })) this.#controller.abort(new Error('Paused.'))
  }

  resume(): void {
    const failedWith = this.#status.state === 'failed' ? this.#status.error : null
    if (!this.#apply({ type: 'resume' })) return
    if (failedWith !== null) {
      this.#result = new Deferred()
      if (failedWith.code === 'file-changed' || failedWith.code === 'checksum-mismatch')
        this.#passage.forget()
    }
    this.#start()
  }

  cancel(): Promise<void> {
    if (this.#status.state === 'done') return Promise.resolve()
    return (this.#cancelling ??= this.#cancel())
  }

  async #cancel(): Promise<void> {
    this.#controller.abort(new Error('Cancelled.'))
    // Once complete was asked, only the server knows which of the two came first.
    if (!this.#passage.isFinishing) this.#becomeCancelled()
    await this.#run
    this.#controller = new AbortController()
    try {
      const result = await this.#passage.discard(this.#controller.signal)
      if (result === null) this.#becomeCancelled()
      else this.#succeed(result)
    } catch (error) {
      this.#cancelling = null
      throw toUploadError(error, aboutFile(this.file))
    }
  }

  #start(): void {
    const before = this.#run
    const controller = new AbortController()
    this.#controller = controller
    const { signal } = controller
    // Late words of a run that was stopped must not move the state that follows.
    const tell = (event: UploadEvent): void => {
      if (!signal.aborted) this.#apply(event)
    }
    const run = async (): Promise<void> => {
      await before
      try {
        signal.throwIfAborted()
        this.#succeed(await this.#passage.run(signal, tell))
      } catch (error) {
        if (!signal.aborted) this.#fail(toUploadError(error, aboutFile(this.file)))
      } finally {
        // Ends whatever the run has left behind.
        controller.abort(new Error('The run has ended.'))
      }
    }
    this.#run = run()
  }

  #succeed(result: UploadResult): void {
    if (this.#status.state === 'failed') this.#result = new Deferred()
    if (this.#apply({ type: 'succeed', result })) this.#result.resolve(result)
  }

  #fail(error: UploadError): void {
    if (this.#apply({ type: 'fail', error })) this.#result.reject(error)
  }

  #becomeCancelled(): void {
    if (!this.#apply({ type: 'cancel' })) return
    this.#result.reject(new UploadError('cancelled', `${aboutFile(this.file)}: the upload was cancelled.`))
  }

  /** Whether the event changed anything. */
  #apply(event: UploadEvent): boolean {
    const next = reduce(this.#status, event)
    if (next === this.#status) return false
    this.#status = next
    this.#changed.emit(this.snapshot)
    if (next.state === 'uploading') void this.#tick()
    return true
  }

  #progress(): UploadProgress {
    const progress = this.#meter.snapshot(this.#engine.clock.now())
    if (this.#status.state !== 'done') return progress
    return {
      ...progress,
      loaded: progress.total,
      sent: progress.total,
      percent: 100,
      speed: null,
      secondsLeft: null,
    }
  }

  /** Tells listeners of progress, at most every 100 ms. */
  #report(): void {
    if (this.#reportDue) return
    this.#reportDue = true
    const tell = (): void => {
      this.#reportDue = false
      this.#changed.emit(this.snapshot)
    }
    this.#engine.clock.sleep(progressInterval).then(tell, tell)
  }

  /** While sending. Ten thousand files that wait their turn tick not. */
  async #tick(): Promise<void> {
    if (this.#ticking) return
    this.#ticking = true
    while (this.#status.state === 'uploading') {
      await this.#engine.clock.sleep(tick)
      this.#report()
    }
    this.#ticking = false
  }
}
