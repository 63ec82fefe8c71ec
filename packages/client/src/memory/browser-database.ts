/**
 * Migrations of a database: each step upgrades the schema from the version equal to its index to the next one and keeps
 * the data. A released step is never changed.
 */
export type SchemaSteps = readonly ((database: IDBDatabase) => void)[]

/** Schema of what is remembered of uploads. */
const uploadSteps: SchemaSteps = [
  (database) => {
    database.createObjectStore('uploads', { keyPath: 'identity' })
    database.createObjectStore('parts', { keyPath: ['id', 'partNumber'] })
  },
  (database) => {
    database.createObjectStore('sources', { keyPath: 'identity' })
    database.createObjectStore('pieces', { keyPath: ['identity', 'partNumber'] })
  },
  (database) => {
    database.createObjectStore('picks', { keyPath: 'id' })
    database.createObjectStore('pickMarks', { keyPath: 'id' })
    // Keyed by pick and position in it; the values are the files.
    database.createObjectStore('pickCopies')
  },
  // Copies of parts are not used any more; uploads that have only these need the file to be picked again.
  (database) => {
    database.deleteObjectStore('pieces')
    database.createObjectStore('blocks', { keyPath: ['identity', 'index'] })
  },
]

type StoreName = 'uploads' | 'parts' | 'sources' | 'blocks' | 'picks' | 'pickMarks' | 'pickCopies'

/** An IndexedDB database, opened on first use. All methods reject if IndexedDB is unavailable or has a newer schema. */
export class BrowserDatabase<Name extends string = StoreName> {
  readonly #name: string
  readonly #steps: SchemaSteps
  #opened: Promise<IDBDatabase> | undefined

  constructor(name = 'carryon', steps = uploadSteps) {
    this.#name = name
    this.#steps = steps
  }

  open(): Promise<IDBDatabase> {
    return (this.#opened ??=
      typeof indexedDB === 'undefined'
        ? Promise.reject(new Error('There is no IndexedDB here.'))
        : open(this.#name, this.#steps, () => (this.#opened = undefined)))
  }

  /**
   * Resolves with the result of `work` once the transaction is committed. `work` may await nothing but its requests.
   */
  async transact<T>(
    names: readonly Name[],
    mode: IDBTransactionMode,
    work: (store: (name: Name) => IDBObjectStore) => T | Promise<T>,
  ): Promise<T> {
    const transaction = (await this.open()).transaction(names, mode)
    const committed = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up.'))
    })
    const [answer] = await Promise.all([work((name) => transaction.objectStore(name)), committed])
    return answer
  }
}

/** @param onClosed called when opening failed or the connection was closed, so that the next use opens another one */
function open(name: string, steps: SchemaSteps, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, steps.length)
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const step of steps.slice(oldVersion)) step(request.result)
    }
    request.onsuccess = () => {
      const database = request.result
      // The browser closes it when the user clears the site's data.
      database.onclose = onClosed
      // A newer version of this page in another tab upgrades the schema: close to let it.
      database.onversionchange = () => {
        database.close()
        onClosed()
      }
      resolve(database)
    }
    request.onerror = () => {
      onClosed()
      reject(request.error ?? new Error('IndexedDB cannot be opened.'))
    }
    request.onblocked = () => reject(new Error('IndexedDB is held by an older page.'))
  })
}

export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'))
  })
}

/**
 * Range of the keys that are arrays beginning with `first`: arrays compare element by element, and `[]` sorts after
 * numbers.
 */
export function rowsOf(first: string): IDBKeyRange {
  return IDBKeyRange.bound([first], [first, []])
}
