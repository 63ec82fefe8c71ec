import type { Alone, OwnerMemory } from './owner-key.js'

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
  const locks = typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks
  if (locks === undefined) return (work) => work()
  return async (work) => await locks.request(`carryon-owner:${server}`, { mode: 'exclusive' }, work)
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
