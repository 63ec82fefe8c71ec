import { withTimeout } from '../../async/with-timeout.js'
import type { BrowserDatabase } from '../../memory/browser-database.js'
import type { WorkerPool } from '../../workers/worker-pool.js'
import { indexedDbBlocks } from './indexeddb-blocks.js'
import { indexedDbSources } from './indexeddb-sources.js'
import type { BlockStore, CopyStorage } from './copy-storage.js'
import { privateFileBlocks } from './private-file-blocks.js'

/**
 * Bytes of free space to assume where the browser does not report it: WebKit's quota for every origin before it
 * supported `estimate()` (webkit.org/blog/14403, "Updates to Storage Policy").
 */
const assumedSpace = 1000 * 2 ** 20

/**
 * Bytes that are copied at once. Smaller blocks need more files and messages. With larger ones copying gives way to
 * sending less often, and keeps more bytes on disk that are already acknowledged.
 */
const blockSize = 8 * 2 ** 20

/** This browser's copy storage; `null` outside browsers. */
export function browserCopyStorage(database: BrowserDatabase, workers: WorkerPool): CopyStorage | null {
  const storage = storageManager()
  if (typeof indexedDB === 'undefined') return null
  const inFiles = privateFileBlocks((...block) => workers.copy(...block))
  return {
    sources: indexedDbSources(database),
    blocks: chosenBlocks(() => hasPrivateFiles(storage), inFiles, indexedDbBlocks(database, workers)),
    blockSize,
    async freeSpace() {
      if (storage?.estimate === undefined) return assumedSpace
      const { quota = 0, usage = 0 } = await storage.estimate()
      return Math.max(0, quota - usage)
    },
  }
}

/** `undefined` in insecure contexts and in Node. */
function storageManager(): Partial<StorageManager> | undefined {
  return typeof navigator === 'undefined'
    ? undefined
    : (navigator as { storage?: Partial<StorageManager> }).storage
}

/** Calls the function, because its presence proves little: in Firefox's private windows it exists but rejects. */
async function hasPrivateFiles(storage: Partial<StorageManager> | undefined): Promise<boolean> {
  const folder = storage?.getDirectory?.bind(storage)
  if (typeof Worker === 'undefined' || folder === undefined) return false
  return withTimeout(() => folder().then(() => true), false)
}

function chosenBlocks(
  hasFiles: () => Promise<boolean>,
  inFiles: BlockStore,
  inDatabase: BlockStore,
): BlockStore {
  let chosen: Promise<BlockStore> | undefined
  const blocks = (): Promise<BlockStore> =>
    (chosen ??= hasFiles().then((files) => (files ? inFiles : inDatabase)))
  return {
    write: async (...block) => (await blocks()).write(...block),
    indexes: async (identity) => (await blocks()).indexes(identity),
    open: async (identity) => (await blocks()).open(identity),
    join: (slices) => new Blob([...slices]),
    free: async (identity, index) => (await blocks()).free(identity, index),
    drop: async (identity) => (await blocks()).drop(identity),
    retainOnly: async (wanted) => (await blocks()).retainOnly(wanted),
  }
}
