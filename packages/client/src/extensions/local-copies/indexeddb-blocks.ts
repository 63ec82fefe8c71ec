import { answerOf, rowsOf } from '../../memory/browser-database.js'
import type { BrowserDatabase } from '../../memory/browser-database.js'
import { readSlice } from '../../workers/read-slice.js'
import type { Hasher } from '../../ports.js'
import type { BlockStore } from './copy-storage.js'

interface BlockRow {
  readonly identity: string
  readonly index: number
  readonly block: Blob
}

/** Stores blocks as Blobs in IndexedDB, which copies them; for browsers without a private file system. */
export function indexedDbBlocks(database: BrowserDatabase, hasher: Pick<Hasher, 'hash'>): BlockStore {
  const names = ['blocks'] as const
  return {
    async write(identity, index, slice, crc64Type, grain, signal) {
      // Read into memory first: given a slice, WebKit (GTK 2.50) stores the whole file behind it, and later returns
      // the file's beginning.
      const block = new Blob([await readSlice(slice)])
      const grains = Array.from({ length: Math.ceil(block.size / grain) }, (_, number) =>
        block.slice(number * grain, (number + 1) * grain),
      )
      const digests = await Promise.all(grains.map((one) => hasher.hash([one], [crc64Type], signal)))
      await database.transact(names, 'readwrite', (store) => {
        store('blocks').put({ identity, index, block } satisfies BlockRow)
      })
      return digests.map(({ crc64 = '', size }) => ({ crc64, size }))
    },
    indexes: (identity) =>
      database.transact(names, 'readonly', async (store) => {
        const keys = await keysOf(store('blocks'), rowsOf(identity))
        return new Set(keys.map(([, index]) => index))
      }),
    open: (identity) =>
      database.transact(names, 'readonly', async (store) => {
        const rows = await answerOf(store('blocks').getAll(rowsOf(identity)) as IDBRequest<BlockRow[]>)
        return new Map(rows.map(({ index, block }) => [index, block]))
      }),
    join: (slices) => new Blob([...slices]),
    free: (identity, index) =>
      database.transact(names, 'readwrite', (store) => {
        store('blocks').delete([identity, index])
      }),
    drop: (identity) =>
      database.transact(names, 'readwrite', (store) => {
        store('blocks').delete(rowsOf(identity))
      }),
    async retainOnly(wanted) {
      const keys = await database.transact(names, 'readonly', (store) => keysOf(store('blocks')))
      const strange = new Set(keys.map(([identity]) => identity))
      for (const identity of await wanted()) strange.delete(identity)
      await database.transact(names, 'readwrite', (store) => {
        for (const identity of strange) store('blocks').delete(rowsOf(identity))
      })
    },
  }
}

async function keysOf(
  blocks: IDBObjectStore,
  range?: IDBKeyRange,
): Promise<readonly (readonly [string, number])[]> {
  const keys = await answerOf(blocks.getAllKeys(range))
  return keys.flatMap((key) => {
    const [identity, index] = Array.isArray(key) ? key : []
    return typeof identity === 'string' && typeof index === 'number' ? [[identity, index] as const] : []
  })
}
