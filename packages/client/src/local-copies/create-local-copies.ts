import type { BrowserDatabase } from '../memory/browser-database.js'
import type { WorkerPool } from '../workers/worker-pool.js'
import type { Clock } from '../ports.js'
import type { UploaderOptions } from '../uploader-types.js'
import { LocalCopies } from './local-copies.js'
import type * as LazyCode from './lazy-code.js'

/** Code that is loaded once there is something to keep or to list. */
export type LoadLazyCode = () => Promise<typeof LazyCode>

/**
 * `null` where nothing would last, or nothing is wanted.
 *
 * @param others bytes of copies that somebody else makes within `copyLimit`
 */
export function createLocalCopies(
  { copyStorage, copyLimit = Number.POSITIVE_INFINITY }: UploaderOptions,
  database: BrowserDatabase,
  workers: WorkerPool,
  clock: Clock,
  load: LoadLazyCode,
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
