import { messageOf, requestIdOf } from './error-fields.js'
import { aboutFile } from './session.js'
import type { Session } from './session.js'
import { UploadError } from './upload-types.js'

/** Failures of one part while others pass, after which it is not the network: something rejects these bytes. */
const maxFailures = 5
/** Times that the store may hold other bytes than were hashed. */
const maxChanged = 4

interface Trials {
  failures: number
  changed: number
  /** Receipts there were at the last failure. */
  receipts: number
}

/** Counts what each part went through, to end what would never end. */
export class PartTrials {
  readonly #session: Pick<Session, 'file' | 'receipts'>
  readonly #trials = new Map<number, Trials>()

  constructor(session: Pick<Session, 'file' | 'receipts'>) {
    this.#session = session
  }

  passed(partNumber: number): void {
    this.#trials.delete(partNumber)
  }

  /**
   * A part got no receipt. Only failures beside which other parts pass are this part's own.
   *
   * @returns how many those are, 1 at least
   * @throws UploadError `network` when they are too many
   */
  failed(partNumber: number, error: unknown): number {
    const { receipts, file } = this.#session
    const trials = this.#of(partNumber)
    if (receipts.size > trials.receipts) trials.failures += 1
    trials.receipts = receipts.size
    if (trials.failures < maxFailures) return Math.max(1, trials.failures)
    throw new UploadError(
      'network',
      `${aboutFile(file)}: part ${partNumber} fails again and again while others pass: ${messageOf(error)}`,
      { retryable: true, requestId: requestIdOf(error), cause: error },
    )
  }

  /**
   * The store holds other bytes than were hashed.
   *
   * @returns how often that happened
   * @throws UploadError `checksum-mismatch` when it is too often
   */
  arrivedChanged(partNumber: number): number {
    const trials = this.#of(partNumber)
    trials.changed += 1
    if (trials.changed < maxChanged) return trials.changed
    throw new UploadError(
      'checksum-mismatch',
      `${aboutFile(this.#session.file)}: part ${partNumber} arrives changed, ${maxChanged} times now. ` +
        'Either the file is being written to, or something between here and the store alters it.',
      { retryable: true },
    )
  }

  #of(partNumber: number): Trials {
    const known = this.#trials.get(partNumber)
    if (known !== undefined) return known
    const trials = { failures: 0, changed: 0, receipts: -1 }
    this.#trials.set(partNumber, trials)
    return trials
  }
}
