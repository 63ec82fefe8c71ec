import { reasonOf } from '../async/clock.js'
import type { TabLocks } from '../seams.js'

/** Web Locks, where the browser has them; else no tab knows of another. */
export function webLocks(): TabLocks {
  const manager = typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks
  if (manager === undefined) return { acquire: async () => () => undefined }
  return {
    async acquire(name, signal, onWait) {
      return (
        (await request(manager, name, { ifAvailable: true }, signal)) ??
        (await queue(manager, name, signal, onWait))
      )
    },
  }
}

async function queue(
  manager: LockManager,
  name: string,
  signal: AbortSignal,
  onWait: () => void,
): Promise<() => void> {
  onWait()
  const release = await request(manager, name, { signal }, signal)
  if (release === null) throw new TypeError('A lock that was waited for was not given.')
  return release
}

/** The way to release, or `null` when it was to be had at once and was not. A lock is held while a promise is open. */
function request(
  manager: LockManager,
  name: string,
  options: LockOptions,
  signal: AbortSignal,
): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    const held = (lock: Lock | null): Promise<void> => {
      if (lock === null) {
        resolve(null)
        return Promise.resolve()
      }
      return new Promise<void>((release) => resolve(release))
    }
    manager
      .request(name, options, held)
      .catch((error: unknown) =>
        reject(signal.aborted ? reasonOf(signal) : error instanceof Error ? error : new Error(String(error))),
      )
  })
}
