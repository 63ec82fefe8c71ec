import { abortScope } from '../async/abort-scope.js'
import { systemClock } from '../async/clock.js'
import { webLocks } from '../async/tab-locks.js'
import { answerOf, BrowserDatabase } from '../memory/browser-database.js'
import type { Alone, OwnerMemory } from './owner-key.js'

/** Milliseconds to wait for another tab's first request: a tab that is frozen during it holds its lock forever. */
const otherTabPatience = 10_000

/** Stores one key per server in IndexedDB; in memory where it is not available. */
export function ownerMemory(server: string): OwnerMemory {
  if (typeof indexedDB === 'undefined') return volatileOwner()
  // A separate database, so that schema changes of upload data do not affect it.
  const database = new BrowserDatabase<'keys'>('carryon-owner', [
    (made) => void made.createObjectStore('keys'),
  ])
  const names = ['keys'] as const
  return {
    get: () =>
      database.transact(names, 'readonly', async (store) => {
        const found = await answerOf<unknown>(store('keys').get(server))
        return typeof found === 'string' ? found : null
      }),
    set: (key) => database.transact(names, 'readwrite', (store) => void store('keys').put(key, server)),
  }
}

/** Exclusive across tabs if the browser has Web Locks (all since 2022), else within this tab. */
export function aloneAcrossTabs(server: string): Alone {
  const locks = webLocks()
  return async (work, signal) => {
    const { controller, close } = abortScope(signal)
    void systemClock.sleep(otherTabPatience, controller.signal).then(
      () => controller.abort(),
      () => undefined,
    )
    let release = (): void => undefined
    try {
      release = await locks.acquire(`carryon-owner:${server}`, controller.signal, () => undefined)
    } catch {
      signal.throwIfAborted()
    } finally {
      controller.abort()
      close()
    }
    try {
      return await work()
    } finally {
      release()
    }
  }
}

function volatileOwner(): OwnerMemory {
  let known: string | null = null
  return {
    get: () => Promise.resolve(known),
    set: (key) => {
      known = key
      return Promise.resolve()
    },
  }
}
