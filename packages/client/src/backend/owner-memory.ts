import { abortScope } from '../async/abort-scope.js'
import { systemClock } from '../async/clock.js'
import { webLocks } from '../async/tab-locks.js'
import type { Alone, OwnerMemory } from './owner-key.js'

/**
 * Milliseconds for which another tab's first request is waited for: one that is frozen in the middle of it holds its lock
 * for ever.
 */
const otherTabPatience = 10_000

/** Remembers in IndexedDB, one key for each server; until the page is left where there is none. */
export function ownerMemory(server: string): OwnerMemory {
  if (typeof indexedDB === 'undefined') return volatileOwner()
  return {
    get: async () => {
      const found = await withKeys('readonly', (keys) => keys.get(server) as IDBRequest<unknown>)
      return typeof found === 'string' ? found : null
    },
    set: async (key) => {
      await withKeys('readwrite', (keys) => keys.put(key, server))
    },
  }
}

/** Across tabs where the browser has Web Locks (all since 2022), else in this tab. */
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

/** A database of its own: it is read once a page, and outlives every change of what is remembered of uploads. */
function withKeys<T>(mode: IDBTransactionMode, ask: (keys: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (error: DOMException | null): void => reject(error ?? new Error('IndexedDB failed.'))
    const opening = indexedDB.open('carryon-owner', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('keys')
    opening.onerror = () => fail(opening.error)
    opening.onblocked = () => fail(null)
    opening.onsuccess = () => {
      const database = opening.result
      const running = database.transaction('keys', mode)
      const asked = ask(running.objectStore('keys'))
      running.oncomplete = () => {
        database.close()
        resolve(asked.result)
      }
      running.onabort = () => {
        database.close()
        fail(running.error)
      }
    }
  })
}
