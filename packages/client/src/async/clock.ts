import type { Clock } from '../ports.js'

/** The real clock of browsers and Node. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  sleep: async (ms, signal) => {
    let left = ms
    for (; left > longestTimer; left -= longestTimer) await sleepOnce(longestTimer, signal)
    await sleepOnce(left, signal)
  },
}

/**
 * Longest delay of a timer in milliseconds; a longer one fires immediately (HTML Standard, "timers": a signed 32-bit
 * integer).
 */
export const longestTimer = 2 ** 31 - 1

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(reasonOf(signal))
      return
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(reasonOf(signal))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** The reason why `signal` was aborted, as an `Error`. */
export function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error('Aborted')
}
