import type { browserCopyStorage } from './browser-copy-storage.js'
import type { CopyManager } from './copy-manager.js'
import type { CopyStorage } from './copy-storage.js'
import type { BrowserDatabase } from '../memory/browser-database.js'
import type { WorkerPool } from '../workers/worker-pool.js'
import type { Clock } from '../ports.js'
import { LocalCopies } from './local-copies.js'

/** Code that is loaded once there is something to copy. */
type LoadCopies = () => Promise<{
  readonly browserCopyStorage: typeof browserCopyStorage
  readonly CopyManager: typeof CopyManager
}>

/**
 * `null` where nothing would last, or nothing is wanted.
 *
 * @param others bytes of copies that somebody else makes within `copyLimit`
 */
export function createLocalCopies(
  {
    copyStorage,
    copyLimit = Number.POSITIVE_INFINITY,
  }: { readonly copyStorage?: CopyStorage; readonly copyLimit?: number },
  database: BrowserDatabase,
  workers: WorkerPool,
  clock: Clock,
  load: LoadCopies,
  others: () => number,
): LocalCopies | null {
  if (copyLimit <= 0 || (copyStorage === undefined && typeof indexedDB === 'undefined')) return null
  return new LocalCopies(async () => {
    const { browserCopyStorage, CopyManager } = await load()
    const place = copyStorage ?? browserCopyStorage(database, workers)
    if (place === null) throw new Error('Nothing lasts here.')
    return { copyStorage: place, manager: new CopyManager(place, clock, copyLimit, others) }
  })
}
