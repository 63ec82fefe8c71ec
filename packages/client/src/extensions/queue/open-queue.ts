import { browserCopyStorage } from '../local-copies/browser-copy-storage.js'
import type { BrowserDatabase } from '../../memory/browser-database.js'
import type { Clock, Hasher, TabLocks } from '../../ports.js'
import type { WorkerPool } from '../../workers/worker-pool.js'
import type { PickStore } from './pick-store.js'
import { indexedDbPicks } from './indexeddb-picks.js'
import type { PickedFiles } from './picked-files.js'
import { Queue } from './queue.js'

/** The uploader options that the queue uses. */
export interface QueueOptions {
  readonly picks?: PickStore
  readonly copyLimit?: number
}

/** What {@link openQueue} needs. */
export interface QueueParts {
  readonly database: BrowserDatabase
  readonly workers: WorkerPool
  readonly clock: Clock
  readonly hasher: Hasher
  readonly locks: TabLocks
  /** The backend's address. */
  readonly scope: string
  /** Bytes of copies that other code makes within `copyLimit`. */
  readonly others: () => number
}

/** The queue of this page. */
export function openQueue(
  { picks, copyLimit = Number.POSITIVE_INFINITY }: QueueOptions,
  { database, workers, ...parts }: QueueParts,
  held: PickedFiles,
): Queue {
  const copyStorage = browserCopyStorage(database, workers)
  const queue = new Queue({
    ...parts,
    store: picks ?? indexedDbPicks(database, async () => (await copyStorage?.freeSpace()) ?? 0),
    id: Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('-'),
    limit: copyLimit,
    onForgetful: () => held.forget(),
    onCopied: (source) => held.hold(source),
  })
  held.bytes = () => queue.bytes
  return queue
}
