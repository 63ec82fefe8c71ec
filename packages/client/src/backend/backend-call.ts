import { backOff } from '../core/back-off.js'
import type { Clock } from '../ports.js'
import type { WaitReason } from '../upload-types.js'
import type { CallPause } from './call-pause.js'
import { mayPass } from './unexpected-answer.js'
import { BackendError } from '../core/backend-error.js'

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
  readonly signal: AbortSignal
  /** Called when it lasts: from the second failure in a row on; at once when the server asks to wait. */
  readonly onTrouble: (trouble: CallTrouble) => void
  readonly pause: CallPause
  /** Whether a server that asks one such call to wait asks all of them. */
  readonly isRationed?: boolean
}

/**
 * Milliseconds after which a server that answers, but only with errors, is given up; without a network one waits
 * for ever, and that time does not count.
 */
export const serviceGivenUpAfter = 60 * 60 * 1000
/** The same of what seldom passes by itself: a page that a proxy answers with a refusal, headers that cannot be had. */
export const strangerGivenUpAfter = 60 * 1000

/** Milliseconds for which asking the server again may help; 0: it does not. */
function givesUpAfter({ code, status }: BackendError): number {
  switch (code) {
    case 'network':
      return status === 0 ? Infinity : serviceGivenUpAfter
    case 'too-many-requests':
      return Infinity
    case 'store-unavailable':
    case 'sts-unavailable':
    case 'internal':
      return serviceGivenUpAfter
    case 'unexpected-answer':
      return mayPass(status) ? serviceGivenUpAfter : strangerGivenUpAfter
    case 'headers-failed':
      return strangerGivenUpAfter
    default:
      return 0
  }
}

function reasonFor({ code, status }: BackendError): CallTrouble['reason'] {
  if (code === 'too-many-requests') return 'rate-limited'
  return code === 'network' && status === 0 ? 'network' : 'service'
}

/** Asks the server until it answers, with back-off. Rejects with what no repetition helps against. */
export async function callBackend<T>(
  call: (signal: AbortSignal) => Promise<T>,
  options: CallOptions,
): Promise<T> {
  const { clock, random, signal, onTrouble, pause, isRationed = false } = options
  let since: number | null = null
  for (let failures = 1; ; failures++) {
    if (isRationed) await pause.over(onTrouble, signal)
    signal.throwIfAborted()
    try {
      return await call(signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof BackendError)) throw error
      const patience = givesUpAfter(error)
      since = patience === Infinity ? null : (since ?? clock.now())
      if (since !== null && clock.now() - since >= patience) throw error
      const reason = reasonFor(error)
      const wait = backOff(failures, random(), error.retryAfter)
      const trouble = { reason, error, retryAt: clock.now() + wait }
      if (failures >= 2 || reason === 'rate-limited') onTrouble(trouble)
      if (isRationed && reason === 'rate-limited') pause.begin(trouble)
      else await pause.sleep(wait, signal)
    }
  }
}
