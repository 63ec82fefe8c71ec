import { answerOf, rowsOf } from '../../memory/browser-database.js'
import type { BrowserDatabase } from '../../memory/browser-database.js'
import { volatileMemory } from '../../memory/resume-memory.js'
import type { RememberedHead, RememberedPart, RememberedUpload, ResumeMemory } from '../../ports.js'

/** A part's row. Each part has a separate row, so that an acknowledgement costs one small write. */
interface PartRow extends RememberedPart {
  readonly id: string
}

/**
 * Milliseconds for which parts are collected: single writes took the calling thread 1 ms per part. A crash only loses
 * the record of these parts: they are in the store, and are read and compared like others.
 */
const gathering = 200

/**
 * Remembers acknowledged parts in IndexedDB; in memory where there is none or it cannot be opened (some private windows).
 */
export function resumeMemory({ database }: { readonly database: BrowserDatabase }): ResumeMemory {
  let chosen: Promise<ResumeMemory> | undefined
  const memory = (): Promise<ResumeMemory> =>
    (chosen ??= database.open().then(
      () => overDatabase(database),
      () => volatileMemory(),
    ))
  return {
    get: async (identity) => (await memory()).get(identity),
    all: async (name) => (await memory()).all(name),
    begin: async (upload) => (await memory()).begin(upload),
    addPart: async (identity, id, part) => (await memory()).addPart(identity, id, part),
    delete: async (identity) => (await memory()).delete(identity),
  }
}

function overDatabase(database: BrowserDatabase): ResumeMemory {
  const names = ['uploads', 'parts'] as const
  const partsOf = (parts: IDBObjectStore, id: string): Promise<readonly RememberedPart[]> =>
    answerOf(parts.getAll(rowsOf(id)) as IDBRequest<PartRow[]>)
  const headOf = (uploads: IDBObjectStore, identity: string): Promise<RememberedHead | undefined> =>
    answerOf(uploads.get(identity) as IDBRequest<RememberedHead | undefined>)

  let gathered: { readonly identity: string; readonly row: PartRow }[] = []
  let writing: Promise<void> | null = null
  const writeParts = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, gathering))
    const parts = gathered
    gathered = []
    writing = null
    await database.transact(names, 'readwrite', async (store) => {
      for (const identity of new Set(parts.map((part) => part.identity))) {
        const head = await headOf(store('uploads'), identity)
        for (const { row } of parts.filter((part) => part.identity === identity)) {
          if (head?.id === row.id) store('parts').put(row)
        }
      }
    })
  }

  return {
    get: (identity) =>
      database.transact(names, 'readonly', async (store) => {
        const head = await headOf(store('uploads'), identity)
        return head === undefined ? null : { ...head, parts: await partsOf(store('parts'), head.id) }
      }),
    all: (name) =>
      database.transact(names, 'readonly', async (store) => {
        const found: RememberedUpload[] = []
        for (const head of await answerOf(store('uploads').getAll() as IDBRequest<RememberedHead[]>)) {
          if (name === undefined || head.name === name)
            found.push({ ...head, parts: await partsOf(store('parts'), head.id) })
        }
        return found
      }),
    begin: (head) =>
      database.transact(names, 'readwrite', async (store) => {
        await forget(store('uploads'), store('parts'), head.identity)
        store('uploads').put(head)
      }),
    addPart: (identity, id, part) => {
      gathered.push({ identity, row: { ...part, id } })
      return (writing ??= writeParts())
    },
    delete: (identity) =>
      database.transact(names, 'readwrite', (store) => forget(store('uploads'), store('parts'), identity)),
  }
}

async function forget(uploads: IDBObjectStore, parts: IDBObjectStore, identity: string): Promise<void> {
  const head = await answerOf(uploads.get(identity) as IDBRequest<RememberedHead | undefined>)
  if (head === undefined) return
  uploads.delete(identity)
  parts.delete(rowsOf(head.id))
}
