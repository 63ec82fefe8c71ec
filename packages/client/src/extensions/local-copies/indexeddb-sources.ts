import { answerOf } from '../../memory/browser-database.js'
import type { BrowserDatabase } from '../../memory/browser-database.js'
import type { RememberedSource, SourceMemory } from './copy-storage.js'

/** Remembers sources in IndexedDB, which can store handles directly. */
export function indexedDbSources(database: BrowserDatabase): SourceMemory {
  const names = ['sources'] as const
  return {
    get: (identity) =>
      database.transact(names, 'readonly', async (store) => {
        const found = store('sources').get(identity) as IDBRequest<RememberedSource | undefined>
        return (await answerOf(found)) ?? null
      }),
    all: () =>
      database.transact(names, 'readonly', (store) =>
        answerOf(store('sources').getAll() as IDBRequest<RememberedSource[]>),
      ),
    put: (source) =>
      database.transact(names, 'readwrite', (store) => {
        store('sources').put(source)
      }),
    delete: (identity) =>
      database.transact(names, 'readwrite', (store) => {
        store('sources').delete(identity)
      }),
  }
}
