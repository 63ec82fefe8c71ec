import { answeredSoon } from '../async/answered-soon.js'
import type { BrowserDatabase } from '../memory/browser-database.js'
import type { Crew } from '../workers/crew.js'
import { indexedDbPieces } from './indexeddb-pieces.js'
import { indexedDbSources } from './indexeddb-sources.js'
import type { Keeping, PieceStore } from './keeping.js'
import { privateFilePieces } from './private-file-pieces.js'

/**
 * Bytes of room where a page is not told: what WebKit gave every origin before it came to tell
 * (webkit.org/blog/14403, "Updates to Storage Policy").
 */
const untoldRoom = 1000 * 2 ** 20

/** This browser's storage; `null` outside browsers. */
export function browserKeeping(database: BrowserDatabase, crew: Crew): Keeping | null {
  const storage = storageManager()
  if (typeof indexedDB === 'undefined') return null
  const inFiles = privateFilePieces((...piece) => crew.keep(...piece))
  return {
    sources: indexedDbSources(database),
    pieces: chosenPieces(() => hasPrivateFiles(storage), inFiles, indexedDbPieces(database, crew)),
    async room() {
      if (storage?.estimate === undefined) return untoldRoom
      const { quota = 0, usage = 0 } = await storage.estimate()
      return Math.max(0, quota - usage)
    },
  }
}

/** Missing on pages that are not secure, and in Node. */
function storageManager(): Partial<StorageManager> | undefined {
  return typeof navigator === 'undefined'
    ? undefined
    : (navigator as { storage?: Partial<StorageManager> }).storage
}

/** The function alone says little: Firefox has it in private windows, where it rejects. */
async function hasPrivateFiles(storage: Partial<StorageManager> | undefined): Promise<boolean> {
  const folder = storage?.getDirectory?.bind(storage)
  if (typeof Worker === 'undefined' || folder === undefined) return false
  return answeredSoon(() => folder().then(() => true), false)
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
    keep: async (...piece) => (await pieces()).keep(...piece),
    partNumbers: async (identity) => (await pieces()).partNumbers(identity),
    open: async (identity) => (await pieces()).open(identity),
    free: async (identity, partNumber) => (await pieces()).free(identity, partNumber),
    drop: async (identity) => (await pieces()).drop(identity),
    keepOnly: async (wanted) => (await pieces()).keepOnly(wanted),
  }
}
