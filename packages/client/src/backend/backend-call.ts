import { Emitter } from '../async/emitter.js'
import { sleepUnless } from '../async/sleep-unless.js'
import { BackendError } from '../core/backend-error.js'
import { classifyCall, nextStep } from '../core/retry-policy.js'
import type { RetryLimits } from '../core/retry-policy.js'
import type { Clock } from '../ports.js'
import type { WaitReason } from '../upload-types.js'

/** A failed call that will be retried. */
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
  /** Called from the second consecutive failure on; at once when the server asks to wait. */
  readonly onTrouble: (trouble: CallTrouble) => void
  readonly pause: CallPause
  /** Whether a server's request to wait applies to all calls of this kind. */
  readonly isRationed?: boolean
}

/** Retries the call with back-off until the server answers. Rejects with errors that no retry can resolve. */
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
      // Time without a network does not count towards giving up.
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

/**
 * Milliseconds over which waiting calls resume after a common wait, so that the first one can find out whether the
 * server accepts calls again.
 */
const spread = 2_000

/** Waits between calls of the server: ends all of them together, and shares a wait that the server asks for. */
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

  /** Starts a common wait that the server asked for, so that not every file has to ask separately. */
  begin(trouble: CallTrouble): void {
    if (trouble.retryAt > (this.#trouble?.retryAt ?? 0)) this.#trouble = trouble
  }

  /** Resolves once there is no common wait. Rejects with the signal's reason. */
  async over(onWait: (trouble: CallTrouble) => void, signal: AbortSignal): Promise<void> {
    for (;;) {
      const trouble = this.#trouble
      const left = (trouble?.retryAt ?? 0) - this.#clock.now()
      if (trouble === null || left <= 0) return
      onWait(trouble)
      await this.sleep(left + this.#random() * spread, signal)
    }
  }

  /** Ends all waits now. */
  end(): void {
    this.#trouble = null
    this.#woken.emit()
  }
}
