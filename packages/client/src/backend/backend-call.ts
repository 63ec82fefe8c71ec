import { backOff } from '../async/back-off.js'
import type { Clock } from '../seams.js'
import { BackendError } from './upload-backend.js'
import type { BackendErrorCode } from './upload-backend.js'
import type { Trouble } from '../outage.js'

/** What asking the server again may help against. */
const passing: ReadonlySet<BackendErrorCode> = new Set<BackendErrorCode>([
  'network',
  'store-unavailable',
  'sts-unavailable',
  'too-many-requests',
  'internal',
])

export interface CallOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly signal: AbortSignal
  /** Called when it lasts: from the second failure in a row on. */
  readonly onTrouble: (trouble: Trouble) => void
  /** Waits, but no longer than until a hint that the network is back. Default: the clock's sleep. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * Milliseconds after which a server that answers, but only with errors, is given up; without a network one waits
 * for ever, and that time does not count.
 */
export const serviceGivenUpAfter = 60 * 60 * 1000

/** Asks the server until it answers, with back-off. Rejects with what no repetition helps against. */
export async function callBackend<T>(
  call: (signal: AbortSignal) => Promise<T>,
  options: CallOptions,
): Promise<T> {
  const { clock, random, signal, onTrouble } = options
  let since: number | null = null
  for (let failures = 1; ; failures++) {
    signal.throwIfAborted()
    try {
      return await call(signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof BackendError) || !passing.has(error.code)) throw error
      const trouble = error.status === 0 ? 'network' : 'service'
      since = trouble === 'service' ? (since ?? clock.now()) : null
      if (since !== null && clock.now() - since >= serviceGivenUpAfter) throw error
      if (failures >= 2) onTrouble(trouble)
      const sleep = options.sleep ?? ((ms: number) => clock.sleep(ms, signal))
      await sleep(backOff(failures, random(), error.retryAfter), signal)
    }
  }
}
