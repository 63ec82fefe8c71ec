import { StoreError } from '@carryon/object-store'
import type { FailureHistory, Retry } from '../core/retry-policy.js'
import type { RunContext } from './run-context.js'

/** Parts that have to pass for each failure of another part; if fewer do, the network is to blame. */
const passes = 4

interface Counts {
  /** Failures in a row that the part itself may have caused. */
  own: number
  /** Failures in a row of the only remaining part while the server answers. */
  alone: number
  changed: number
  /** Number of uploaded parts at the last failure. */
  uploaded: number
  /** Failures of all parts at the last failure. */
  total: number
}

/** Counts the failures of each part of an upload. The retry policy decides what they mean. */
export class PartFailures {
  readonly #run: Pick<RunContext, 'context' | 'plan' | 'uploaded' | 'upload'>
  readonly #countsOf = new Map<number, Counts>()
  /** Failures of all parts. */
  #total = 0

  constructor(run: Pick<RunContext, 'context' | 'plan' | 'uploaded' | 'upload'>) {
    this.#run = run
  }

  passed(partNumber: number): void {
    this.#countsOf.delete(partNumber)
  }

  /** The store holds other bytes than were hashed. */
  changed(partNumber: number): FailureHistory {
    const own = (this.#of(partNumber).changed += 1)
    return { own, failures: own }
  }

  /**
   * A part was not acknowledged. The failure counts as the part's own only if other parts pass meanwhile and it was not
   * an answer that every part could have got.
   */
  async failed(
    partNumber: number,
    error: unknown,
    { trouble }: Retry,
    signal: AbortSignal,
  ): Promise<FailureHistory> {
    const alone = trouble === 'network' ? await this.#alone(partNumber, signal) : 0
    const { uploaded } = this.#run
    const counts = this.#of(partNumber)
    const passed = uploaded.size - counts.uploaded
    const elsewhere = this.#total - counts.total
    counts.uploaded = uploaded.size
    counts.total = this.#total += 1
    const isDamaged = trouble === 'part'
    const isAnswer = error instanceof StoreError && error.status !== 0
    if (!isDamaged && (isAnswer || passed < passes * elsewhere)) counts.own = 0
    else if (passed > 0) counts.own += 1
    return { own: counts.own, failures: Math.max(1, counts.own), alone }
  }

  /**
   * When only this part is left, no other part shows whether the network works. So the server is asked: it has to
   * answer after each of several failures in a row.
   */
  async #alone(partNumber: number, signal: AbortSignal): Promise<number> {
    const { context, plan, uploaded, upload } = this.#run
    if (plan.partCount === 1 || uploaded.size < plan.partCount - 1) return 0
    const counts = this.#of(partNumber)
    try {
      await context.backend.parts(upload.id, signal)
      counts.alone += 1
    } catch {
      signal.throwIfAborted()
      counts.alone = 0
    }
    return counts.alone
  }

  #of(partNumber: number): Counts {
    const known = this.#countsOf.get(partNumber)
    if (known !== undefined) return known
    const counts = { own: 0, alone: 0, changed: 0, uploaded: -1, total: this.#total }
    this.#countsOf.set(partNumber, counts)
    return counts
  }
}
