import { boundedJson } from '../hooks/bounded-json.js'
import { callHook } from '../hooks/call-hook.js'
import type { DoneAnswer, HookAnswer, OnDone } from '../hooks/hook-types.js'
import { isRefusal, problemOfRefusal } from '../hooks/refusal.js'
import { metadataOf } from '../object-headers/stored-headers.js'
import type { UploadRow } from '../repository/upload-row.js'
import { removeFromStore } from './end-upload.js'
import { SingleFlight } from './single-flight.js'
import type { UploadServices } from './upload-services.js'
import { viewOfUpload } from './upload-view.js'

/** Milliseconds before the second attempt at the latest; doubled for each one after. */
const firstPause = 10_000
/** Milliseconds. */
const longestPause = 3_600_000
/** Uploads whose `onDone` runs at the same time. */
const atOnce = 8
/** Bytes of the answer's `data` as JSON. */
const longestData = 8_192

/**
 * Tells the application of finished uploads, each at least once. The record that says so is written with the change that
 * makes an upload done, and goes when `onDone` has ended.
 */
export class Deliveries {
  readonly #services: UploadServices
  readonly #base: string
  readonly #flights = new SingleFlight<Delivered>()

  /** @param base address of this server for the URLs of uploads, without a slash at the end; '' where it is not known */
  constructor(services: UploadServices, base: string) {
    this.#services = services
    this.#base = base
  }

  /**
   * Runs `onDone` of an upload where that is due, or waits for the run that is under way.
   *
   * @returns the row after it. It never rejects: a hook that fails is called again later.
   */
  async settle(row: UploadRow): Promise<UploadRow> {
    if (row.state !== 'done' || row.deliveryAt === null) return row
    return (await this.#deliver(row)).row
  }

  /** Runs `onDone` of an upload where that is due, and says what came of it. It never rejects. */
  async deliver(row: UploadRow): Promise<Delivered['outcome']> {
    return (await this.#deliver(row)).outcome
  }

  /** Runs what is due, until nothing is or a whole batch fails. */
  async runDue(): Promise<{ readonly delivered: number; readonly failed: number }> {
    let delivered = 0
    let failed = 0
    for (;;) {
      if (this.#services.hooks.onDone === undefined) return { delivered, failed }
      const due = await this.#services.repository.deliveries.due(this.#services.now(), atOnce)
      const outcomes = await Promise.all(due.map((row) => this.#deliver(row)))
      const successes = outcomes.filter(({ outcome }) => outcome === 'delivered').length
      delivered += successes
      failed += outcomes.filter(({ outcome }) => outcome === 'failed').length
      // With an application that is away, each one that is due would be waited for in vain.
      if (successes === 0) return { delivered, failed }
    }
  }

  /** Resolves once everything under way has ended. */
  async settled(): Promise<void> {
    await this.#flights.settled()
  }

  async #deliver(row: UploadRow): Promise<Delivered> {
    const { onDone } = this.#services.hooks
    const running = this.#flights.get(row.id)
    if (running !== undefined) return running
    const isDue = row.deliveryAt !== null && row.deliveryAt <= this.#services.now()
    if (onDone === undefined || !isDue) return { row, outcome: 'none' }
    return this.#flights.run(row.id, async () => {
      try {
        return await this.#attempt(row, onDone)
      } catch (error) {
        this.#services.report(`running onDone of ${row.id}`, error)
        return { row, outcome: 'failed' }
      }
    }).result
  }

  async #attempt(row: UploadRow, onDone: OnDone): Promise<Delivered> {
    const { repository, hooks, now } = this.#services
    // Due again before it begins: whatever happens to this process, somebody calls once more.
    const again = now() + hooks.timeout + pauseAfter(row.deliveryAttempts)
    const claimed = await repository.deliveries.claim(row, again)
    if (claimed === undefined) return { row: (await repository.get(row.id)) ?? row, outcome: 'none' }
    const answer = await callHook((control) => onDone(this.#eventOf(claimed), control), hooks.timeout)
    const { refusal, result } = this.#read(row, answer)
    const settled = await repository.transition(row, ['done'], {
      deliveryAt: null,
      ...(refusal === null ? { result } : this.#refused(refusal)),
    })
    if (settled === undefined) return { row: (await repository.get(row.id)) ?? row, outcome: 'none' }
    if (refusal !== null) await this.#remove(settled)
    return { row: settled, outcome: 'delivered' }
  }

  #eventOf(row: UploadRow) {
    return {
      deliveryId: `done:${row.id}`,
      attempt: row.deliveryAttempts,
      upload: viewOfUpload(row, this.#base),
      owner: row.owner,
      ...(row.context !== null && { context: JSON.parse(row.context) as unknown }),
      metadata: metadataOf(row),
    }
  }

  /** Data that cannot be used goes to the log and counts as none: called again, the hook would answer the same. */
  #read(row: UploadRow, answer: HookAnswer<DoneAnswer>): { refusal: string | null; result: string | null } {
    if (answer === undefined || answer === null) return { refusal: null, result: null }
    // One that cannot be read is no consent either: the hook is called again.
    if (isRefusal(answer)) return { refusal: problemOfRefusal(answer).message, result: null }
    try {
      if (typeof answer !== 'object') throw new TypeError('it must be an object')
      const { data } = answer
      return { refusal: null, result: data === undefined ? null : boundedJson(data, longestData) }
    } catch (error) {
      this.#services.report(`reading what onDone answered for ${row.id}`, error)
      return { refusal: null, result: null }
    }
  }

  #refused(refusal: string) {
    const now = this.#services.now()
    return {
      state: 'failed',
      failure: 'refused',
      refusal,
      url: null,
      cleanupAt: now,
      updatedAt: now,
    } as const
  }

  /** What fails here is done by the sweeper. */
  async #remove(row: UploadRow): Promise<void> {
    this.#services.count({ kind: 'ended', reason: 'refused' })
    try {
      await removeFromStore(this.#services, row)
    } catch (error) {
      this.#services.report(`removing ${row.id}, which onDone refused`, error)
    }
  }
}

interface Delivered {
  readonly row: UploadRow
  /** `none`: it was not due, or another server does it. */
  readonly outcome: 'delivered' | 'failed' | 'none'
}

/** Exponential back-off, of which the second half is by chance. Milliseconds. */
function pauseAfter(attempts: number): number {
  const longest = Math.min(longestPause, firstPause * 2 ** attempts)
  return longest * (0.5 + Math.random() / 2)
}
