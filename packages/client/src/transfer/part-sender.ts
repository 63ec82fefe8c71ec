import { StoreError } from '@carryon/object-store'
import { messageOf, retryAfterOf } from '../core/error-fields.js'
import type { Draining } from './draining.js'
import type { BreakerPermit } from './circuit-breaker.js'
import { rangeOf, sizeOf } from '@carryon/protocol'
import { PartContent } from './part-content.js'
import type { UploadedPart } from './uploaded-part.js'
import { TransportError } from '../ports.js'
import type { PutAnswer } from '../ports.js'
import { PartFailures } from './part-failures.js'
import type { SignedPut } from './renewable-grant.js'
import type { Permit } from './request-pool.js'
import type { RunContext } from './run-context.js'
import { BackendError } from '../core/backend-error.js'
import { crc64TypeOf } from '../backend/upload-backend.js'
import { aboutFile, toUploadError, uploadError } from '../core/upload-errors.js'
import { UploadError } from '../upload-types.js'
import { givenUp, hostOf, isTaken, refusedBy, serverAnswers, storeFailure } from './store-failure.js'
import { arrivedChanged, classifyFailure, nextStep } from '../core/retry-policy.js'
import type { FailureAction, FailureHistory, Retry, RetryStep } from '../core/retry-policy.js'

/** Milliseconds. */
const shortestStall = 30_000
const longestStall = 300_000
/** Number of stalled requests in a row after which to check whether only the store is unreachable. */
const doubtfulStalls = 3

/** Result of one attempt; if not done, retry after `again` milliseconds. */
export type Attempt = { readonly done: true } | { readonly done: false; readonly again: number }

/** Sends a part once, verifies that the store holds what was read, and decides how to handle a failure. */
export class PartSender {
  readonly #run: RunContext
  readonly #failures: PartFailures
  readonly #content: PartContent
  #stalls = 0

  constructor(run: RunContext) {
    this.#run = run
    this.#failures = new PartFailures(run)
    this.#content = new PartContent(run)
    run.context.usual.crc64Type = crc64TypeOf(run.upload)
  }

  /**
   * Makes one PUT and returns `breakerPermit`.
   *
   * Rejects with an `UploadError` when retrying does not help, with a `BackendError` when the upload has to be
   * reopened, and with the signal's reason when aborted.
   */
  async attempt(
    partNumber: number,
    breakerPermit: BreakerPermit,
    permit: Permit,
    draining: Draining,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const { context, meter, grant, plan, upload } = this.#run
    const size = sizeOf(plan, partNumber)
    let generation = 0
    let isForm = false
    let host = ''
    try {
      const signed = await grant.sign(partNumber, size, signal)
      // The upload was paused during signing: do not send.
      if (draining.isBegun) return { done: false, again: 0 }
      generation = signed.generation
      isForm = signed.fields !== undefined
      host = hostOf(signed.url)
      permit.begun()
      const answer = await this.#put(partNumber, signed, signal)
      if (isForm) context.usual.forms = true
      const uploadedPart = await this.#content.verify(partNumber, answer, signal)
      context.breaker.passed(breakerPermit)
      grant.accepted()
      this.#stalls = 0
      if (uploadedPart === null) return this.#changed(partNumber)
      this.#accept(partNumber, uploadedPart)
      permit.acknowledged(upload.mode === 'single' ? Infinity : upload.partSize)
      return { done: true }
    } catch (error) {
      signal.throwIfAborted()
      if (isForm && this.#putInstead(error)) return { done: false, again: 0 }
      return await this.#afterFailure(partNumber, error, breakerPermit, { generation, host }, signal)
    } finally {
      context.breaker.release(breakerPermit)
      meter.landed(partNumber)
    }
  }

  /**
   * Whether to retry a failed form immediately as a PUT, which shows what is wrong; done until a form has succeeded
   * once. If the bucket's CORS rule allows PUT but not POST, the answer to a form is hidden, as if the network had
   * failed.
   */
  #putInstead(error: unknown): boolean {
    const { usual } = this.#run.context
    const isUnheard =
      error instanceof TransportError && (error.reason === 'network' || error.reason === 'stalled')
    if (usual.forms === true || !(isUnheard || error instanceof StoreError)) return false
    usual.forms = false
    return true
  }

  async #put(
    partNumber: number,
    { url, headers, fields }: Omit<SignedPut, 'generation'>,
    signal: AbortSignal,
  ): Promise<PutAnswer> {
    const { context, file, meter, onProgress } = this.#run
    const sentAt = context.storeClock.localNow()
    meter.started(partNumber, sizeOf(this.#run.plan, partNumber), context.clock.now())
    const answer = await context.transport.put(
      {
        url,
        headers,
        ...(fields === undefined ? {} : { fields }),
        body: this.#content.slice(partNumber),
        digests: this.#content.digestsBeside(partNumber),
        stallTimeout: this.#stallTimeout(partNumber),
        onProgress: (sent) => {
          if (signal.aborted) return
          meter.inFlight(partNumber, sent, context.clock.now())
          onProgress()
        },
      },
      signal,
    )
    context.storeClock.learnFromDate(answer.headers['date'], sentAt)
    if (isTaken(answer)) return answer
    throw refusedBy(answer, `Part ${partNumber} of ${aboutFile(file)}`)
  }

  #accept(partNumber: number, uploadedPart: UploadedPart): void {
    const { context, upload, plan, uploaded, meter, onProgress } = this.#run
    uploaded.set(partNumber, uploadedPart)
    this.#failures.passed(partNumber)
    meter.stored(partNumber, uploadedPart.size, context.clock.now())
    onProgress()
    if (upload.mode === 'single') return
    const { start } = rangeOf(plan, partNumber)
    void context.memory.addPart(upload.identity, upload.id, { partNumber, start, ...uploadedPart })
  }

  async #afterFailure(
    partNumber: number,
    error: unknown,
    breakerPermit: BreakerPermit,
    { generation, host }: { readonly generation: number; readonly host: string },
    signal: AbortSignal,
  ): Promise<Attempt> {
    const { file, grant, upload } = this.#run
    const about = aboutFile(file)
    if (error instanceof BackendError || error instanceof UploadError) throw error
    const action = classifyFailure(error)
    let history: FailureHistory = {}
    if (action.do === 'retry') {
      await this.#tellOthers(action, partNumber, error, breakerPermit, host, signal)
      history = { ...this.#lasting(), ...(await this.#failures.failed(partNumber, error, action, signal)) }
    } else if (action.do === 'renew') {
      // If the file's size has changed, the signature no longer matches either.
      await this.#content.blameFile(partNumber, signal)
      history = { refusals: grant.refused(generation) }
    }
    const step = this.#nextStep(action, history)
    switch (step.do) {
      case 'retry':
        return { done: false, again: step.after }
      case 'renew':
        return { done: false, again: 0 }
      case 'reopen':
        throw new BackendError('upload-gone', messageOf(error), { cause: error })
      case 'adopt':
        if (upload.mode !== 'single') throw toUploadError(error, about)
        await this.#adopt(partNumber, signal)
        return { done: true }
      case 'fail':
        throw error instanceof StoreError
          ? uploadError(step.code, error, about, step.retryable)
          : toUploadError(error, about)
      case 'give-up':
        throw givenUp(step.because, partNumber, error, about)
    }
  }

  /** Makes all uploads wait or send less, because they would run into the same failure. */
  async #tellOthers(
    { trouble, slower }: Retry,
    partNumber: number,
    error: unknown,
    breakerPermit: BreakerPermit,
    host: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { backend, breaker, pool } = this.#run.context
    if (error instanceof TransportError && error.reason === 'stalled') this.#stalls += 1
    if (slower) pool.congested()
    if (trouble === 'network' || trouble === 'service')
      breaker.failed(breakerPermit, trouble, retryAfterOf(error), storeFailure(error, host))
    else await this.#content.blameFile(partNumber, signal)
    if (breaker.isSuspect || (trouble === 'network' && this.#stalls === doubtfulStalls))
      breaker.unreachable((await serverAnswers(backend, this.#run.upload.id, signal)) ? host : null)
  }

  /** For how long the store has answered only with errors. */
  #lasting(): FailureHistory {
    const { breaker } = this.#run.context
    return breaker.visible === 'service' ? { lasting: breaker.lasting } : {}
  }

  #nextStep(action: FailureAction, history: FailureHistory): RetryStep {
    const { retry, random } = this.#run.context
    return nextStep(action, history, retry, random())
  }

  /**
   * Accepts a single PUT that arrived earlier: its URL was signed for exactly this MD5, and the server compares at
   * complete.
   */
  async #adopt(partNumber: number, signal: AbortSignal): Promise<void> {
    const { crc64 = '', md5 = '', size } = await this.#content.ofSingle(partNumber, signal)
    this.#accept(partNumber, { size, etag: md5, crc64 })
    this.#run.verifiedBy.add('size')
  }

  /** The store holds other bytes than were hashed: retry, or fail after too many times. */
  #changed(partNumber: number): Attempt {
    const step = this.#nextStep(arrivedChanged, this.#failures.changed(partNumber))
    if (step.do === 'retry') return { done: false, again: step.after }
    throw new UploadError(
      'checksum-mismatch',
      `${aboutFile(this.#run.file)}: part ${partNumber} arrives changed again and again. ` +
        'Either the file is being written to, or something between here and the store alters it.',
      { retryable: true },
    )
  }

  /**
   * On a slow line, progress comes in steps of a whole socket buffer (megabytes), so the timeout grows with the time
   * that a part takes on this line, and with each stall in case that estimate is too short.
   */
  #stallTimeout(partNumber: number): number {
    const { context, meter, plan } = this.#run
    const { speed } = meter.snapshot(context.clock.now())
    const perPart =
      speed === null || speed < 1 ? 0 : ((sizeOf(plan, partNumber) * context.pool.concurrency) / speed) * 1000
    return Math.min(longestStall, Math.max(shortestStall, perPart * 2) * 2 ** Math.min(this.#stalls, 4))
  }
}
