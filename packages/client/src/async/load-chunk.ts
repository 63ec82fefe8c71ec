import { backOff } from '../core/back-off.js'
import { systemClock } from './clock.js'
import { TransportError } from '../ports.js'
import type { Clock } from '../ports.js'

/** Failures in a row, while the browser thinks that it is online, after which the file is taken for gone. */
const maxFailures = 5

/**
 * Loads code that the page's build has put into a file of its own. A network that fails for a moment is tried again; after
 * a deploy such a file may be gone for good, for names of files change with their content.
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

/** Whether the browser thinks so; Node does not say. */
export function isOffline(): boolean {
  return typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine
}
