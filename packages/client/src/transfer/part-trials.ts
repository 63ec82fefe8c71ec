import { messageOf, requestIdOf } from './error-fields.js'
import type { FileSource } from '../seams.js'
import { aboutFile } from '../upload/session.js'
import type { Session } from '../upload/session.js'
import { UploadError } from '../upload-types.js'

/** Failures of one part while others pass, after which it is not the network: something rejects these bytes. */
const maxFailures = 5
/** Failures of the last part while the server answers, after which it is not the network either. */
const maxAlone = 8
/** Times that the store may hold other bytes than were hashed. */
const maxChanged = 4

interface Trials {
  failures: number
  /** Failures in a row of the one part that is left, while the server answers. */
  alone: number
  changed: number
  /** Receipts there were at the last failure. */
  receipts: number
}

type TrialsSession = Pick<Session, 'engine' | 'file' | 'plan' | 'receipts' | 'upload'>

/** Counts what each part went through, to end what would never end. */
export class PartTrials {
  readonly #session: TrialsSession
  readonly #trials = new Map<number, Trials>()

  constructor(session: TrialsSession) {
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
    throw rejected(partNumber, file, error, 'while others pass')
  }

  /**
   * The network failed a part. When only this one is left, no other tells whether the network is there at all; then
   * the server is asked: it has to answer at each of several failures in a row.
   *
   * @throws UploadError `network` when they are too many
   */
  async failedAlone(partNumber: number, error: unknown, signal: AbortSignal): Promise<void> {
    const { engine, file, plan, receipts, upload } = this.#session
    if (plan.partCount === 1 || receipts.size < plan.partCount - 1) return
    const trials = this.#of(partNumber)
    try {
      await engine.backend.parts(upload.id, signal)
      trials.alone += 1
    } catch {
      signal.throwIfAborted()
      trials.alone = 0
    }
    if (trials.alone >= maxAlone) throw rejected(partNumber, file, error, 'while the server answers')
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
    const trials = { failures: 0, alone: 0, changed: 0, receipts: -1 }
    this.#trials.set(partNumber, trials)
    return trials
  }
}

function rejected(partNumber: number, file: FileSource, error: unknown, circumstance: string): UploadError {
  return new UploadError(
    'network',
    `${aboutFile(file)}: part ${partNumber} fails again and again ${circumstance}: ${messageOf(error)} ` +
      'Something on the way (a proxy, a firewall, a virus scanner) may reject its content; try another network.',
    { retryable: true, requestId: requestIdOf(error), cause: error },
  )
}
