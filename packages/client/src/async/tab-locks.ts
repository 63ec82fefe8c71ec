import { reasonOf, systemClock } from './clock.js'
import { withTimeout } from './with-timeout.js'
import type { Clock, TabLocks } from '../ports.js'

/** Lock managers that refuse requests or do not answer: they are not waited for again. */
const mute = new WeakSet<LockManager>()
/** Returned in place of a lock if the browser has locks but does not answer; other tabs may hold the lock then. */
export const noLock = (): void => undefined

/**
 * Web Locks, if the browser has them. Without them, or if they are refused (a frame without an origin) or do not
 * answer, tabs do not exclude each other; the server still allows only one open upload per identity.
 */
export function webLocks(clock: Clock = systemClock): TabLocks {
  const manager = typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks
  if (manager === undefined) return { acquire: async () => () => undefined }
  return {
    async acquire(name, signal, onWait) {
      if (mute.has(manager)) return noLock
      const free = request(manager, name, { ifAvailable: true }, signal)
      const release = await withTimeout(() => free, noLock, clock)
      if (release === noLock) {
        mute.add(manager)
        // Release a lock that is granted too late.
        free.then((late) => {
          mute.delete(manager)
          late?.()
        }, noLock)
      }
      return release ?? queue(manager, name, signal, onWait)
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

/**
 * A function that releases the lock; `null` if `ifAvailable` was set and the lock is taken. A lock is held until its
 * promise settles.
 */
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
