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

/** Longest pause before the second attempt, in milliseconds; doubled for each further one. */
const firstPause = 10_000
/** Milliseconds. */
const longestPause = 3_600_000
/** `onDone` calls that run at the same time. */
const atOnce = 8
/** Maximum bytes of the answer's `data` as JSON. */
const longestData = 8_192

/**
 * Delivers finished uploads to the application, each at least once. A pending delivery is recorded in the same change
 * that makes an upload done, and removed when `onDone` has returned.
 */
export class Deliveries {
  readonly #services: UploadServices
  readonly #base: string
  readonly #flights = new SingleFlight<Delivered>()

  /** @param base address of this server for the URLs of uploads, without a slash at the end; '' if unknown */
  constructor(services: UploadServices, base: string) {
    this.#services = services
    this.#base = base
  }

  /**
   * Runs `onDone` of an upload if it is due, or waits for the running call.
   *
   * @returns the row afterwards. It never rejects: a failed hook is called again later.
   */
  async settle(row: UploadRow): Promise<UploadRow> {
    if (row.state !== 'done' || row.deliveryAt === null) return row
    return (await this.#deliver(row)).row
  }

  /** Runs `onDone` of an upload if it is due, and returns the outcome. It never rejects. */
  async deliver(row: UploadRow): Promise<Delivered['outcome']> {
    return (await this.#deliver(row)).outcome
  }

  /** Runs due deliveries until none is left or a whole batch fails. */
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
      // The application is probably down: do not wait for every other due delivery in vain.
      if (successes === 0) return { delivered, failed }
    }
  }

  /** Resolves once all running deliveries have ended. */
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
    // Schedules the next attempt before calling, so that the delivery survives a crash of this process.
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

  /** Unusable data is logged and ignored: the hook would return the same if called again. */
  #read(row: UploadRow, answer: HookAnswer<DoneAnswer>): { refusal: string | null; result: string | null } {
    if (answer === undefined || answer === null) return { refusal: null, result: null }
    // A malformed refusal throws, so that the hook is called again; it is never taken for consent.
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

  /** If the removal fails, the sweeper repeats it. */
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
  /** `none`: it was not due, or another server has taken it. */
  readonly outcome: 'delivered' | 'failed' | 'none'
}

/** Exponential back-off in milliseconds: half fixed, half random. */
function pauseAfter(attempts: number): number {
  const longest = Math.min(longestPause, firstPause * 2 ** attempts)
  return longest * (0.5 + Math.random() / 2)
}
