import { answerOf, rowsOf } from '../memory/browser-database.js'
import type { BrowserDatabase } from '../memory/browser-database.js'
import { readSlice } from '../workers/read-slice.js'
import type { Hasher } from '../seams.js'
import type { PieceStore } from './keeping.js'

interface PieceRow {
  readonly identity: string
  readonly partNumber: number
  readonly piece: Blob
}

/** Keeps pieces as Blobs in IndexedDB, which copies them: for browsers without a private file system. */
export function indexedDbPieces(database: BrowserDatabase, hasher: Pick<Hasher, 'hash'>): PieceStore {
  const names = ['pieces'] as const
  return {
    async keep(identity, partNumber, slice, crc64Type, signal) {
      // WebKit (GTK 2.50) stores the whole file behind a slice, and later answers its beginning: bytes in memory are
      // stored as they are.
      const piece = new Blob([await readSlice(slice)])
      const { crc64 = '' } = await hasher.hash([piece], [crc64Type], signal)
      await database.transact(names, 'readwrite', (store) => {
        store('pieces').put({ identity, partNumber, piece } satisfies PieceRow)
      })
      return crc64
    },
    partNumbers: (identity) =>
      database.transact(names, 'readonly', async (store) => {
        const keys = await keysOf(store('pieces'), rowsOf(identity))
        return new Set(keys.map(([, partNumber]) => partNumber))
      }),
    open: (identity) =>
      database.transact(names, 'readonly', async (store) => {
        const rows = await answerOf(store('pieces').getAll(rowsOf(identity)) as IDBRequest<PieceRow[]>)
        return new Map(rows.map(({ partNumber, piece }) => [partNumber, piece]))
      }),
    free: (identity, partNumber) =>
      database.transact(names, 'readwrite', (store) => {
        store('pieces').delete([identity, partNumber])
      }),
    drop: (identity) =>
      database.transact(names, 'readwrite', (store) => {
        store('pieces').delete(rowsOf(identity))
      }),
    async keepOnly(wanted) {
      const keys = await database.transact(names, 'readonly', (store) => keysOf(store('pieces')))
      const strange = new Set(keys.map(([identity]) => identity))
      for (const identity of await wanted()) strange.delete(identity)
      await database.transact(names, 'readwrite', (store) => {
        for (const identity of strange) store('pieces').delete(rowsOf(identity))
      })
    },
  }
}

async function keysOf(
  pieces: IDBObjectStore,
  range?: IDBKeyRange,
): Promise<readonly (readonly [string, number])[]> {
  const keys = await answerOf(pieces.getAllKeys(range))
  return keys.flatMap((key) => {
    const [identity, partNumber] = Array.isArray(key) ? key : []
    return typeof identity === 'string' && typeof partNumber === 'number'
      ? [[identity, partNumber] as const]
      : []
  })
}
