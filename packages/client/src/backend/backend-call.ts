import { Emitter } from '../async/emitter.js'
import { sleepUnless } from '../async/sleep-unless.js'
import { BackendError } from '../core/backend-error.js'
import { classifyCall, nextStep } from '../core/retry-policy.js'
import type { RetryLimits } from '../core/retry-policy.js'
import type { Clock } from '../ports.js'
import type { WaitReason } from '../upload-types.js'

/** A call that failed and will be made again. */
export interface CallTrouble {
  readonly reason: WaitReason & ('network' | 'service' | 'rate-limited')
  readonly error: BackendError
  /** Monotonic milliseconds. */
  readonly retryAt: number
}

export interface CallOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly retry: RetryLimits
  readonly signal: AbortSignal
  /** Called when it lasts: from the second failure in a row on; at once when the server asks to wait. */
  readonly onTrouble: (trouble: CallTrouble) => void
  readonly pause: CallPause
  /** Whether a server that asks one such call to wait asks all of them. */
  readonly isRationed?: boolean
}

/** Asks the server until it answers, with back-off. Rejects with what no repetition helps against. */
export async function callBackend<T>(
  call: (signal: AbortSignal) => Promise<T>,
  options: CallOptions,
): Promise<T> {
  const { clock, random, retry, signal, onTrouble, pause, isRationed = false } = options
  let since: number | null = null
  for (let failures = 1; ; failures++) {
    if (isRationed) await pause.over(onTrouble, signal)
    signal.throwIfAborted()
    try {
      return await call(signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof BackendError)) throw error
      const action = classifyCall(error)
      if (action.do !== 'retry') throw error
      // Without a network one waits for ever, and that time does not count.
      since = action.until === 'success' ? null : (since ?? clock.now())
      const lasting = since === null ? -1 : clock.now() - since
      const step = nextStep(action, { failures, lasting, asked: error.retryAfter }, retry, random())
      if (step.do !== 'retry') throw error
      const { trouble: reason } = action
      const trouble = { reason, error, retryAt: clock.now() + step.after }
      if (failures >= 2 || reason === 'rate-limited') onTrouble(trouble)
      if (isRationed && reason === 'rate-limited') pause.begin(trouble)
      else await pause.sleep(step.after, signal)
    }
  }
}

/** Milliseconds over which those go on that were asked to wait together: the first finds out for all whether they may. */
const spread = 2_000

/** Waits between calls of the server: cut short together, and kept together when the server asks for one. */
export class CallPause {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #woken = new Emitter<void>()
  #trouble: CallTrouble | null = null

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** Resolves after `ms`, or {@link CallPause.end}; rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return sleepUnless(this.#woken, this.#clock, ms, signal)
  }

  /** The server has asked for it: ten thousand files do not ask it one by one for how long. */
  begin(trouble: CallTrouble): void {
    if (trouble.retryAt > (this.#trouble?.retryAt ?? 0)) this.#trouble = trouble
  }

  /** Resolves once nothing was asked for, or it is over. Rejects with the signal's reason. */
  async over(onWait: (trouble: CallTrouble) => void, signal: AbortSignal): Promise<void> {
    for (;;) {
      const trouble = this.#trouble
      const left = (trouble?.retryAt ?? 0) - this.#clock.now()
      if (trouble === null || left <= 0) return
      onWait(trouble)
      await this.sleep(left + this.#random() * spread, signal)
    }
  }

  /** Whoever waits goes on now. */
  end(): void {
    this.#trouble = null
    this.#woken.emit()
  }
}
