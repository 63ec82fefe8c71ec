import { StoreError } from '@carryon/object-store'
import { backOff } from '../async/back-off.js'
import { messageOf, requestIdOf, retryAfterOf } from './error-fields.js'
import type { Draining } from './draining.js'
import type { Ticket } from '../outage.js'
import { rangeOf, sizeOf } from '@carryon/protocol'
import { PartContent } from './part-content.js'
import type { Receipt } from './receipt.js'
import { TransportError } from '../seams.js'
import type { PutAnswer } from '../seams.js'
import { PartTrials } from './part-trials.js'
import type { SignedPut } from './permission.js'
import type { Permit } from './request-pool.js'
import { aboutFile, UploadGone } from '../upload/session.js'
import type { Session } from '../upload/session.js'
import { BackendError } from '../backend/backend-error.js'
import { crc64TypeOf } from '../backend/upload-backend.js'
import { toUploadError } from '../upload/upload-errors.js'
import { UploadError } from '../upload-types.js'
import { hostOf, isTaken, patienceWith, refusedBy, serverAnswers, storeTrouble } from './store-trouble.js'
import { judge } from './verdict.js'

/** Milliseconds. */
const shortestStall = 30_000
const longestStall = 300_000
/** Requests without progress in a row after which the store may be the only one that cannot be reached. */
const doubtfulStalls = 3

/** What came of one attempt: `again` after that many milliseconds. */
export type Attempt = { readonly done: true } | { readonly done: false; readonly again: number }

/** Sends one part once and makes sure that the store holds what was read; decides what a failure asks for. */
export class PartSender {
  readonly #session: Session
  readonly #trials: PartTrials
  readonly #content: PartContent
  #stalls = 0

  constructor(session: Session) {
    this.#session = session
    this.#trials = new PartTrials(session)
    this.#content = new PartContent(session)
    session.engine.usual.crc64Type = crc64TypeOf(session.upload)
  }

  /**
   * One PUT. Gives `ticket` back.
   *
   * Rejects with an `UploadError` when nothing helps, `UploadGone` when the upload has to be opened anew, the
   * signal's reason when aborted.
   */
  async attempt(
    partNumber: number,
    ticket: Ticket,
    permit: Permit,
    draining: Draining,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const { engine, meter, permission, plan, upload } = this.#session
    const size = sizeOf(plan, partNumber)
    let generation = 0
    let isForm = false
    let host = ''
    try {
      const signed = await permission.sign(partNumber, size, signal)
      // Paused while it was signed: nothing new goes out.
      if (draining.isBegun) return { done: false, again: 0 }
      generation = signed.generation
      isForm = signed.fields !== undefined
      host = hostOf(signed.url)
      permit.begun()
      const answer = await this.#put(partNumber, signed, signal)
      if (isForm) engine.usual.forms = true
      const receipt = await this.#content.verify(partNumber, answer, signal)
      engine.outage.over(ticket)
      permission.accepted()
      this.#stalls = 0
      if (receipt === null) return this.#again(this.#trials.arrivedChanged(partNumber))
      this.#accept(partNumber, receipt)
      permit.acknowledged(upload.mode === 'single' ? Infinity : upload.partSize)
      return { done: true }
    } catch (error) {
      signal.throwIfAborted()
      if (isForm && this.#putInstead(error)) return { done: false, again: 0 }
      return await this.#afterFailure(partNumber, error, ticket, { generation, host }, signal)
    } finally {
      engine.outage.release(ticket)
      meter.landed(partNumber)
    }
  }

  /**
   * Until a form was taken, one that fails is followed at once by a PUT, which shows what is wrong. Where the bucket's CORS
   * rule lets pages PUT but not POST, the answer to a form is hidden, as if the network had failed.
   */
  #putInstead(error: unknown): boolean {
    const { usual } = this.#session.engine
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
    const { engine, file, meter, onProgress } = this.#session
    const sentAt = engine.storeClock.localNow()
    meter.started(partNumber, sizeOf(this.#session.plan, partNumber), engine.clock.now())
    const answer = await engine.transport.put(
      {
        url,
        headers,
        ...(fields === undefined ? {} : { fields }),
        body: this.#content.slice(partNumber),
        digests: this.#content.digestsBeside(partNumber),
        stallTimeout: this.#stallTimeout(partNumber),
        onProgress: (sent) => {
          if (signal.aborted) return
          meter.inFlight(partNumber, sent, engine.clock.now())
          onProgress()
        },
      },
      signal,
    )
    engine.storeClock.learnFromDate(answer.headers['date'], sentAt)
    if (isTaken(answer)) return answer
    throw refusedBy(answer, `Part ${partNumber} of ${aboutFile(file)}`)
  }

  #accept(partNumber: number, receipt: Receipt): void {
    const { engine, upload, plan, receipts, meter, onProgress } = this.#session
    receipts.set(partNumber, receipt)
    this.#trials.passed(partNumber)
    meter.stored(partNumber, receipt.size, engine.clock.now())
    onProgress()
    if (upload.mode === 'single') return
    const { start } = rangeOf(plan, partNumber)
    void engine.memory.addPart(upload.identity, upload.id, { partNumber, start, ...receipt })
  }

  async #afterFailure(
    partNumber: number,
    error: unknown,
    ticket: Ticket,
    { generation, host }: { readonly generation: number; readonly host: string },
    signal: AbortSignal,
  ): Promise<Attempt> {
    const { engine, file, permission, upload } = this.#session
    const about = aboutFile(file)
    if (error instanceof BackendError && (error.code === 'upload-gone' || error.code === 'not-found')) {
      throw new UploadGone(error.message, { cause: error })
    }
    if (error instanceof BackendError || error instanceof UploadError) throw error
    const verdict = judge(error)
    switch (verdict.do) {
      case 'again': {
        if (error instanceof TransportError && error.reason === 'stalled') this.#stalls += 1
        if (verdict.slower) engine.pool.congested()
        if (verdict.trouble === 'part') await this.#content.blameFile(partNumber, signal)
        else engine.outage.failed(ticket, verdict.trouble, retryAfterOf(error), storeTrouble(error, host))
        if (engine.outage.visible === 'service' && engine.outage.lasting >= patienceWith(error)) {
          throw storeTrouble(error, about)
        }
        if (engine.outage.isDoubtful || (verdict.trouble === 'network' && this.#stalls === doubtfulStalls)) {
          engine.outage.foundAlone((await serverAnswers(engine.backend, upload.id, signal)) ? host : null)
        }
        if (verdict.trouble === 'network') await this.#trials.failedAlone(partNumber, error, signal)
        return this.#again(this.#trials.failed(partNumber, error, verdict.trouble))
      }
      case 'renew':
        // Of a file that has another size now not even the signature fits.
        await this.#content.blameFile(partNumber, signal)
        if (permission.refused(generation)) return { done: false, again: 0 }
        throw new UploadError('store-denied', `${about}: ${messageOf(error)}`, {
          retryable: true,
          requestId: requestIdOf(error),
          cause: error,
        })
      case 'reopen':
        throw new UploadGone(messageOf(error), { cause: error })
      case 'taken':
        if (upload.mode !== 'single') throw toUploadError(error, about)
        await this.#adopt(partNumber, signal)
        return { done: true }
      case 'stop':
        throw verdict.code === 'file-changed' || verdict.code === 'file-unreadable'
          ? toUploadError(error, about)
          : new UploadError(verdict.code, `${about}: ${messageOf(error)}`, {
              retryable: verdict.retryable,
              requestId: requestIdOf(error),
              cause: error,
            })
    }
  }

  /** A single PUT that arrived earlier: its URL was signed for exactly this MD5. The server compares at complete. */
  async #adopt(partNumber: number, signal: AbortSignal): Promise<void> {
    const { crc64 = '', md5 = '', size } = await this.#content.ofSingle(partNumber, signal)
    this.#accept(partNumber, { size, etag: md5, crc64 })
    this.#session.verifiedBy.add('size')
  }

  #again(failures: number): Attempt {
    return { done: false, again: backOff(failures, this.#session.engine.random()) }
  }

  /**
   * A slow line hands bytes over in lumps of a socket buffer (megabytes), so patience grows with the time that a part
   * takes on this line; and with each stall, should that guess be too short.
   */
  #stallTimeout(partNumber: number): number {
    const { engine, meter, plan } = this.#session
    const { speed } = meter.snapshot(engine.clock.now())
    const perPart =
      speed === null || speed < 1 ? 0 : ((sizeOf(plan, partNumber) * engine.pool.concurrency) / speed) * 1000
    return Math.min(longestStall, Math.max(shortestStall, perPart * 2) * 2 ** Math.min(this.#stalls, 4))
  }
}
