import type { BrowserDatabase } from '../memory/browser-database.js'
import type { Clock, Hasher, TabLocks } from '../seams.js'
import type { LoadKept } from '../kept/keeper-for.js'
import type { Crew } from '../workers/crew.js'
import type { UploaderOptions } from '../uploader-types.js'
import { PickedFiles } from './picked-files.js'

/** What of the engine the queue works with. */
export interface QueueParts {
  readonly database: BrowserDatabase
  readonly crew: Crew
  readonly clock: Clock
  readonly hasher: Hasher
  readonly locks: TabLocks
  readonly scope: string
}

/** `null` where nothing lasts beyond the page, as in Node. */
export function queueFor(
  { picks, keeping, keepAtMost = Number.POSITIVE_INFINITY }: UploaderOptions,
  { database, crew, ...parts }: QueueParts,
  load: LoadKept,
): PickedFiles | null {
  // Whoever keeps files in a place of their own does not want them in the browser's.
  if (picks === undefined && (keeping !== undefined || typeof document === 'undefined')) return null
  return new PickedFiles(async (held) => {
    const { browserKeeping, indexedDbPicks, Queue } = await load()
    const room = async (): Promise<number> => (await browserKeeping(database, crew)?.room()) ?? 0
    return new Queue({
      ...parts,
      store: picks ?? indexedDbPicks(database, room),
      id: Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('-'),
      limit: keepAtMost,
      onForgetful: () => held.forget(),
      onCopied: (source) => held.hold(source),
    })
  })
}
