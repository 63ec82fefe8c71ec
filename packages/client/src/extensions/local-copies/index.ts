import type { BrowserDatabase } from '../../memory/browser-database.js'
import type { Clock } from '../../ports.js'
import type { WorkerPool } from '../../workers/worker-pool.js'
import type { browserCopyStorage } from './browser-copy-storage.js'
import type { CopyManager } from './copy-manager.js'
import type { CopyStorage } from './copy-storage.js'
import { LocalCopies } from './local-copies.js'

/** What {@link localCopies} needs. */
export interface CopiesParts {
  readonly options: { readonly copyStorage?: CopyStorage; readonly copyLimit?: number }
  readonly database: BrowserDatabase
  readonly workers: WorkerPool
  readonly clock: Clock
  /** Loads the code once there is something to copy. */
  readonly loadLazy: () => Promise<{
    readonly browserCopyStorage: typeof browserCopyStorage
    readonly CopyManager: typeof CopyManager
  }>
}

/**
 * Keeps copies and handles of files for a later page. `null` where nothing would survive a reload, or `copyLimit` is
 * 0.
 *
 * @param others bytes of copies that other code makes within `copyLimit`
 */
export function localCopies(
  { options: { copyStorage, copyLimit = Infinity }, database, workers, clock, loadLazy }: CopiesParts,
  others: () => number,
): LocalCopies | null {
  if (copyLimit <= 0 || (copyStorage === undefined && typeof indexedDB === 'undefined')) return null
  return new LocalCopies(async () => {
    const { browserCopyStorage, CopyManager } = await loadLazy()
    const place = copyStorage ?? browserCopyStorage(database, workers)
    if (place === null) throw new Error('Nothing lasts here.')
    return { copyStorage: place, manager: new CopyManager(place, clock, copyLimit, others) }
  })
}
