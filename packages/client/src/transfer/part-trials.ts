import { StoreError } from '@carryon/object-store'
import { messageOf, requestIdOf } from './error-fields.js'
import type { Trouble } from '../outage.js'
import type { FileSource } from '../seams.js'
import { aboutFile } from '../upload/session.js'
import type { Session } from '../upload/session.js'
import { UploadError } from '../upload-types.js'

/** Times that the store may find that other bytes of a part came than were sent, while others pass. */
const maxDamaged = 5
/** Failures without an answer of one part while others pass, after which something rejects these bytes. */
const maxFailures = 8
/** Parts that have to pass for each that fails elsewhere: where fewer do it is the network. */
const passes = 4
/** Failures of the last part while the server answers, after which it is not the network either. */
const maxAlone = 8
/** Times that the store may hold other bytes than were hashed. */
const maxChanged = 4

interface Trials {
  /** Failures in a row for which the part itself may be the reason. */
  own: number
  /** Failures in a row of the one part that is left, while the server answers. */
  alone: number
  changed: number
  /** Receipts there were at the last failure. */
  receipts: number
  /** Failures of all parts there were then. */
  total: number
}

type TrialsSession = Pick<Session, 'engine' | 'file' | 'plan' | 'receipts' | 'upload'>

/** Counts what each part went through, to end what would never end. */
export class PartTrials {
  readonly #session: TrialsSession
  readonly #trials = new Map<number, Trials>()
  /** Of all parts. */
  #failures = 0

  constructor(session: TrialsSession) {
    this.#session = session
  }

  passed(partNumber: number): void {
    this.#trials.delete(partNumber)
  }

  /**
   * A part got no receipt. Only failures beside which other parts pass are this part's own, and no answer that any other
   * could have got.
   *
   * @returns how many those are, 1 at least
   * @throws UploadError `network` when they are too many
   */
  failed(partNumber: number, error: unknown, trouble: 'part' | Trouble): number {
    const { receipts, file } = this.#session
    const trials = this.#of(partNumber)
    const passed = receipts.size - trials.receipts
    const elsewhere = this.#failures - trials.total
    trials.receipts = receipts.size
    trials.total = this.#failures += 1
    const isDamaged = trouble === 'part'
    const isAnswer = error instanceof StoreError && error.status !== 0
    if (!isDamaged && (isAnswer || passed < passes * elsewhere)) trials.own = 0
    else if (passed > 0) trials.own += 1
    if (trials.own < (isDamaged ? maxDamaged : maxFailures)) return Math.max(1, trials.own)
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
    const trials = { own: 0, alone: 0, changed: 0, receipts: -1, total: this.#failures }
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
