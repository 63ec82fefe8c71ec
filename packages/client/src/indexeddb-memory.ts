import { volatileMemory } from './resume-memory.js'
import type { RememberedHead, RememberedPart, RememberedUpload, ResumeMemory } from './seams.js'

/** A part's row: its place in the record, so that each acknowledged part costs one small write. */
interface PartRow extends RememberedPart {
  readonly id: string
}

/** Remembers in IndexedDB; in memory where there is none or it cannot be opened (some private windows). */
export function indexedDbMemory(name = 'carryon'): ResumeMemory {
  let opened: Promise<ResumeMemory> | undefined
  const memory = (): Promise<ResumeMemory> =>
    (opened ??=
      typeof indexedDB === 'undefined'
        ? Promise.resolve(volatileMemory())
        : open(name).then(overDatabase, () => volatileMemory()))
  return {
    get: async (identity) => (await memory()).get(identity),
    all: async () => (await memory()).all(),
    begin: async (upload) => (await memory()).begin(upload),
    addPart: async (identity, id, part) => (await memory()).addPart(identity, id, part),
    delete: async (identity) => (await memory()).delete(identity),
  }
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('uploads', { keyPath: 'identity' })
      request.result.createObjectStore('parts', { keyPath: ['id', 'partNumber'] })
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

function overDatabase(database: IDBDatabase): ResumeMemory {
  const transaction = async (
    mode: IDBTransactionMode,
    work: (uploads: IDBObjectStore, parts: IDBObjectStore) => void | Promise<void>,
  ): Promise<void> => {
    const running = database.transaction(['uploads', 'parts'], mode)
    const committed = new Promise<void>((resolve, reject) => {
      running.oncomplete = () => resolve()
      running.onabort = () => reject(running.error ?? new Error('IndexedDB gave up.'))
    })
    await Promise.all([work(running.objectStore('uploads'), running.objectStore('parts')), committed])
  }

  const partsOf = (parts: IDBObjectStore, id: string): Promise<readonly RememberedPart[]> =>
    answerOf(parts.getAll(rowsOf(id)) as IDBRequest<PartRow[]>)

  return {
    async get(identity) {
      let found: RememberedUpload | null = null
      await transaction('readonly', async (uploads, parts) => {
        const head = await answerOf(uploads.get(identity) as IDBRequest<RememberedHead | undefined>)
        if (head !== undefined) found = { ...head, parts: await partsOf(parts, head.id) }
      })
      return found
    },
    async all() {
      const found: RememberedUpload[] = []
      await transaction('readonly', async (uploads, parts) => {
        for (const head of await answerOf(uploads.getAll() as IDBRequest<RememberedHead[]>)) {
          found.push({ ...head, parts: await partsOf(parts, head.id) })
        }
      })
      return found
    },
    begin: (head) =>
      transaction('readwrite', async (uploads, parts) => {
        await forget(uploads, parts, head.identity)
        uploads.put(head)
      }),
    addPart: (identity, id, part) =>
      transaction('readwrite', async (uploads, parts) => {
        const head = await answerOf(uploads.get(identity) as IDBRequest<RememberedHead | undefined>)
        if (head?.id === id) parts.put({ ...part, id } satisfies PartRow)
      }),
    delete: (identity) =>
      transaction('readwrite', async (uploads, parts) => {
        await forget(uploads, parts, identity)
      }),
  }
}

async function forget(uploads: IDBObjectStore, parts: IDBObjectStore, identity: string): Promise<void> {
  const head = await answerOf(uploads.get(identity) as IDBRequest<RememberedHead | undefined>)
  if (head === undefined) return
  uploads.delete(identity)
  parts.delete(rowsOf(head.id))
}

/** All parts of one upload: arrays compare element by element, and `[]` comes after every number. */
function rowsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []])
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'))
  })
}
