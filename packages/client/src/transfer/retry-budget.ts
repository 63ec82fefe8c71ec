import { StoreError } from '@carryon/object-store'
import { messageOf, requestIdOf } from './error-fields.js'
import type { Trouble } from './circuit-breaker.js'
import type { FileSource } from '../ports.js'
import { aboutFile } from '../upload/run-context.js'
import type { RunContext } from '../upload/run-context.js'
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

interface PartFailures {
  /** Failures in a row for which the part itself may be the reason. */
  own: number
  /** Failures in a row of the one part that is left, while the server answers. */
  alone: number
  changed: number
  /** Uploaded parts there were at the last failure. */
  uploaded: number
  /** Failures of all parts there were then. */
  total: number
}

type BudgetContext = Pick<RunContext, 'context' | 'file' | 'plan' | 'uploaded' | 'upload'>

/** Counts the failures of each part, to end what would never end. */
export class RetryBudget {
  readonly #run: BudgetContext
  readonly #failuresOf = new Map<number, PartFailures>()
  /** Of all parts. */
  #failures = 0

  constructor(run: BudgetContext) {
    this.#run = run
  }

  passed(partNumber: number): void {
    this.#failuresOf.delete(partNumber)
  }

  /**
   * A part was not acknowledged. Only failures beside which other parts pass are this part's own, and no answer that any other
   * could have got.
   *
   * @returns how many those are, 1 at least
   * @throws UploadError `network` when they are too many
   */
  failed(partNumber: number, error: unknown, trouble: 'part' | Trouble): number {
    const { uploaded, file } = this.#run
    const failures = this.#failuresFor(partNumber)
    const passed = uploaded.size - failures.uploaded
    const elsewhere = this.#failures - failures.total
    failures.uploaded = uploaded.size
    failures.total = this.#failures += 1
    const isDamaged = trouble === 'part'
    const isAnswer = error instanceof StoreError && error.status !== 0
    if (!isDamaged && (isAnswer || passed < passes * elsewhere)) failures.own = 0
    else if (passed > 0) failures.own += 1
    if (failures.own < (isDamaged ? maxDamaged : maxFailures)) return Math.max(1, failures.own)
    throw rejected(partNumber, file, error, 'while others pass')
  }

  /**
   * The network failed a part. When only this one is left, no other tells whether the network is there at all; then
   * the server is asked: it has to answer at each of several failures in a row.
   *
   * @throws UploadError `network` when they are too many
   */
  async failedAlone(partNumber: number, error: unknown, signal: AbortSignal): Promise<void> {
    const { context, file, plan, uploaded, upload } = this.#run
    if (plan.partCount === 1 || uploaded.size < plan.partCount - 1) return
    const failures = this.#failuresFor(partNumber)
    try {
      await context.backend.parts(upload.id, signal)
      failures.alone += 1
    } catch {
      signal.throwIfAborted()
      failures.alone = 0
    }
    if (failures.alone >= maxAlone) throw rejected(partNumber, file, error, 'while the server answers')
  }

  /**
   * The store holds other bytes than were hashed.
   *
   * @returns how often that happened
   * @throws UploadError `checksum-mismatch` when it is too often
   */
  arrivedChanged(partNumber: number): number {
    const failures = this.#failuresFor(partNumber)
    failures.changed += 1
    if (failures.changed < maxChanged) return failures.changed
    throw new UploadError(
      'checksum-mismatch',
      `${aboutFile(this.#run.file)}: part ${partNumber} arrives changed, ${maxChanged} times now. ` +
        'Either the file is being written to, or something between here and the store alters it.',
      { retryable: true },
    )
  }

  #failuresFor(partNumber: number): PartFailures {
    const known = this.#failuresOf.get(partNumber)
    if (known !== undefined) return known
    const failures = { own: 0, alone: 0, changed: 0, uploaded: -1, total: this.#failures }
    this.#failuresOf.set(partNumber, failures)
    return failures
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
