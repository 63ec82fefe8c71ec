import type { BrowserDatabase } from '../browser-database.js'
import type { Crew } from '../crew.js'
import { indexedDbPieces } from './indexeddb-pieces.js'
import { indexedDbSources } from './indexeddb-sources.js'
import type { Keeping, PieceStore } from './keeping.js'
import { privateFilePieces } from './private-file-pieces.js'

/** This browser's storage; `null` outside browsers, and where a page is not told how much room there is. */
export function browserKeeping(database: BrowserDatabase, crew: Crew): Keeping | null {
  const storage = storageManager()
  if (storage?.estimate === undefined || typeof indexedDB === 'undefined') return null
  const inFiles = privateFilePieces((folder, name, slice, signal) => crew.keep(folder, name, slice, signal))
  return {
    sources: indexedDbSources(database),
    pieces: chosenPieces(() => hasPrivateFiles(storage), inFiles, indexedDbPieces(database, crew)),
    async room() {
      const { quota = 0, usage = 0 } = await storage.estimate()
      return Math.max(0, quota - usage)
    },
  }
}

/** Missing on pages that are not secure, and in Node. */
function storageManager(): StorageManager | undefined {
  return typeof navigator === 'undefined' ? undefined : (navigator as { storage?: StorageManager }).storage
}

/** The function alone says little: Firefox has it in private windows, where it rejects. */
async function hasPrivateFiles(storage: StorageManager): Promise<boolean> {
  if (typeof Worker === 'undefined' || !('getDirectory' in storage)) return false
  return storage.getDirectory().then(
    () => true,
    () => false,
  )
}

function chosenPieces(
  hasFiles: () => Promise<boolean>,
  inFiles: PieceStore,
  inDatabase: PieceStore,
): PieceStore {
  let chosen: Promise<PieceStore> | undefined
  const pieces = (): Promise<PieceStore> =>
    (chosen ??= hasFiles().then((files) => (files ? inFiles : inDatabase)))
  return {
    keep: async (identity, partNumber, slice, signal) =>
      (await pieces()).keep(identity, partNumber, slice, signal),
    partNumbers: async (identity) => (await pieces()).partNumbers(identity),
    open: async (identity) => (await pieces()).open(identity),
    free: async (identity, partNumber) => (await pieces()).free(identity, partNumber),
    drop: async (identity) => (await pieces()).drop(identity),
    keepOnly: async (wanted) => (await pieces()).keepOnly(wanted),
  }
}
