/**
 * How the schema of a database grew: each step takes it from its index to the next version and keeps what is there. A step
 * that was released is never changed.
 */
export type SchemaSteps = readonly ((database: IDBDatabase) => void)[]

/** What is remembered of uploads. */
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
    // By pick and place in it; the values are the files.
    database.createObjectStore('pickCopies')
  },
  // Copies of parts are not used any more: who has only these is asked for the file.
  (database) => {
    database.deleteObjectStore('pieces')
    database.createObjectStore('blocks', { keyPath: ['identity', 'index'] })
  },
]

type StoreName = 'uploads' | 'parts' | 'sources' | 'blocks' | 'picks' | 'pickMarks' | 'pickCopies'

/** Opened at the first use. Everything rejects where IndexedDB is refused, or holds a newer schema than this one. */
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

  /** Resolves with what `work` answers once it is committed. `work` may await nothing but requests. */
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

/** @param onClosed called when there is no connection, or none any more: the next use opens another */
function open(name: string, steps: SchemaSteps, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, steps.length)
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const step of steps.slice(oldVersion)) step(request.result)
    }
    request.onsuccess = () => {
      const database = request.result
      // The browser closes it when a person clears the site's data.
      database.onclose = onClosed
      // A newer version of this page in another tab wants to change the schema: let it.
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

/** Rows whose key is an array that begins with `first`: arrays compare element by element, `[]` after every number. */
export function rowsOf(first: string): IDBKeyRange {
  return IDBKeyRange.bound([first], [first, []])
}
