import { reasonOf, systemClock } from './clock.js'
import { withTimeout } from './with-timeout.js'
import type { Clock, TabLocks } from '../ports.js'

/** Those that were asked and refuse, or have not answered yet: nobody waits for them again. */
const mute = new WeakSet<LockManager>()
/** What is given in place of a lock by a browser that has locks and does not answer: others may hold it. */
export const noLock = (): void => undefined

/**
 * Web Locks, where the browser has them; else no tab knows of another. Nor where they are refused (a frame of no origin) or
 * do not answer whether a lock is free: the server holds one identity to one open upload all the same.
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
        // What comes too late is not held.
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
