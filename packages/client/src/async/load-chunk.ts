import { backOff } from '../core/back-off.js'
import { systemClock } from './clock.js'
import { TransportError } from '../ports.js'
import type { Clock } from '../ports.js'

/** Failures in a row, while the browser reports being online, after which the file is considered gone. */
const maxFailures = 5

/**
 * Loads code that the page's build has put into a separate file. Network failures are retried. After a deployment such
 * a file may be gone for good, because file names change with their content.
 *
 * Rejects with a `TransportError` of reason `outdated`.
 *
 * @param load the `import()`
 */
export async function loadChunk<T>(load: () => Promise<T>, clock: Clock = systemClock): Promise<T> {
  for (let failures = 1; ;) {
    try {
      return await load()
    } catch (error) {
      if (failures === maxFailures) {
        const message =
          'A part of this page cannot be loaded; there may be a newer one. Reload the page; nothing is lost.'
        throw new TransportError('outdated', message, error)
      }
      await clock.sleep(backOff(failures, 1))
      if (!isOffline()) failures += 1
    }
  }
}

/** Whether the browser reports being offline; always `false` in Node. */
export function isOffline(): boolean {
  return typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine
}
