import { answerOf } from '../../memory/browser-database.js'
import type { BrowserDatabase } from '../../memory/browser-database.js'
import type { FileSource } from '../../ports.js'
import type { FileKey, FileMark, PickedFile, PickMarks, PickStore, StoredPick } from './pick-store.js'

interface MarksRow {
  readonly id: string
  readonly marks: PickMarks
}

/** Remembers picks in IndexedDB, which stores handles and files directly, copying the files' content. */
export function indexedDbPicks(database: BrowserDatabase, freeSpace: () => Promise<number>): PickStore {
  const records = ['picks', 'pickMarks'] as const
  const copies = ['pickCopies'] as const
  return {
    freeSpace,
    write: ({ added, marks, removed }) =>
      database.transact(records, 'readwrite', async (store) => {
        // Put one at a time, so that each is cloned in a separate task.
        for (const pick of added) await answerOf(store('picks').put(pick))
        for (const [id, now] of marks) {
          // Another page may have deleted the pick since: a mark without its pick would never be removed.
          if ((await answerOf(store('picks').getKey(id))) === undefined) continue
          const row = await answerOf(store('pickMarks').get(id) as IDBRequest<MarksRow | undefined>)
          store('pickMarks').put({ id, marks: joined(row?.marks ?? {}, now) } satisfies MarksRow)
        }
        for (const id of removed) {
          store('picks').delete(id)
          store('pickMarks').delete(id)
        }
      }),
    all: () =>
      database.transact(records, 'readonly', async (store) => {
        const picks = await answerOf(store('picks').getAll() as IDBRequest<StoredPick[]>)
        const rows = await answerOf(store('pickMarks').getAll() as IDBRequest<MarksRow[]>)
        const marks = new Map(rows.map((row) => [row.id, row.marks]))
        return picks.map((pick) => ({ pick, marks: marks.get(pick.id) ?? {} }))
      }),
    keepCopies: (kept) =>
      database.transact(copies, 'readwrite', (store) => {
        for (const { key, file } of kept) {
          if (!(file instanceof Blob)) throw new TypeError(`"${file.name}" is no file of a browser.`)
          store('pickCopies').put(file, [key.pick, key.index])
        }
      }),
    copied: () =>
      database.transact(copies, 'readonly', async (store) =>
        (await answerOf(store('pickCopies').getAllKeys())).flatMap(fileKeyOf),
      ),
    copyOf: async (key, file) => {
      const copy = await database.transact(copies, 'readonly', (store) =>
        answerOf(store('pickCopies').get([key.pick, key.index]) as IDBRequest<Blob | undefined>),
      )
      return copy?.size === file.size ? asFile(copy, file) : null
    },
    dropCopies: (keys) =>
      database.transact(copies, 'readwrite', (store) => {
        for (const { pick, index } of keys) store('pickCopies').delete([pick, index])
      }),
  }
}

/** Merges new marks into those that another page made for the same files. */
export function joined(before: PickMarks, now: PickMarks): PickMarks {
  const marks: Record<number, FileMark> = { ...before }
  for (const [index, mark] of Object.entries(now)) marks[Number(index)] = { ...marks[Number(index)], ...mark }
  return marks
}

function fileKeyOf(key: IDBValidKey): readonly FileKey[] {
  const [pick, index] = Array.isArray(key) ? key : []
  return typeof pick === 'string' && typeof index === 'number' ? [{ pick, index }] : []
}

/** A copy never changes, so reads of it are always consistent. */
function asFile(copy: Blob, { name, type, lastModified }: PickedFile): FileSource {
  const file = new File([copy], name, { type, ...(lastModified === null ? {} : { lastModified }) })
  return Object.assign(file, { failsWhenChanged: true })
}
