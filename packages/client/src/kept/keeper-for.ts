import type { BrowserDatabase } from '../memory/browser-database.js'
import type { WorkerPool } from '../workers/worker-pool.js'
import type { Clock } from '../ports.js'
import type { UploaderOptions } from '../uploader-types.js'
import { Keeper } from './keeper.js'
import type * as KeptFiles from './kept-files.js'

/** What is loaded once there is something to keep or to list. */
export type LoadKept = () => Promise<typeof KeptFiles>

/**
 * `null` where nothing would last, or nothing is wanted.
 *
 * @param others bytes of copies that somebody else makes within `keepAtMost`
 */
export function keeperFor(
  { keeping, keepAtMost = Number.POSITIVE_INFINITY }: UploaderOptions,
  database: BrowserDatabase,
  workers: WorkerPool,
  clock: Clock,
  load: LoadKept,
  others: () => number,
): Keeper | null {
  if (keepAtMost <= 0 || (keeping === undefined && typeof indexedDB === 'undefined')) return null
  return new Keeper(async () => {
    const { browserKeeping, FileKeeper } = await load()
    const place = keeping ?? browserKeeping(database, workers)
    if (place === null) throw new Error('Nothing lasts here.')
    return { keeping: place, files: new FileKeeper(place, clock, keepAtMost, others) }
  })
}
