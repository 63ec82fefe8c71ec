/**
 * The one IndexedDB database of this origin. Each step takes the schema from its index to the next version and keeps
 * what is there; a step that was released is never changed.
 */
const steps: readonly ((database: IDBDatabase) => void)[] = [
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
export class BrowserDatabase {
  readonly #name: string
  #opened: Promise<IDBDatabase> | undefined

  constructor(name = 'carryon') {
    this.#name = name
  }

  open(): Promise<IDBDatabase> {
    return (this.#opened ??=
      typeof indexedDB === 'undefined'
        ? Promise.reject(new Error('There is no IndexedDB here.'))
        : open(this.#name))
  }

  /** Resolves with what `work` answers once it is committed. `work` may await nothing but requests. */
  async transact<T>(
    names: readonly StoreName[],
    mode: IDBTransactionMode,
    work: (store: (name: StoreName) => IDBObjectStore) => T | Promise<T>,
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

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, steps.length)
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const step of steps.slice(oldVersion)) step(request.result)
    }
    request.onsuccess = () => {
      // A newer version of this page in another tab wants to change the schema: let it.
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened.'))
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
