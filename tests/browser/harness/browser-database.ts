import type { Page } from 'playwright-core'

/** Object stores of the client's IndexedDB database. */
export type BrowserStore = 'picks' | 'pickCopies' | 'sources'

/** For each record in an object store of the page's browser, the names of its fields that are set. */
export function storedFields(page: Page, store: BrowserStore): Promise<readonly (readonly string[])[]> {
  return page.evaluate(readFields, store)
}

/** Runs in the page. */
async function readFields(store: string): Promise<string[][]> {
  const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('IndexedDB does not answer'))
    })
  const database = await answerOf(indexedDB.open('carryon'))
  try {
    const records = await answerOf(
      database.transaction(store).objectStore(store).getAll() as IDBRequest<Record<string, unknown>[]>,
    )
    return records.map((record) => Object.keys(record).filter((name) => record[name] !== undefined))
  } finally {
    database.close()
  }
}
