import type { TabLocks } from '../../ports.js'
import type { openQueue, QueueOptions, QueueParts } from './open-queue.js'
import { PickedFiles } from './picked-files.js'

/** What {@link pickQueue} needs. */
export interface PickQueueParts extends Omit<QueueParts, 'locks' | 'others'> {
  readonly options: QueueOptions & { readonly copyStorage?: unknown }
  readonly tabLocks: TabLocks
  /** Loads the code once there is something to remember. */
  readonly loadLazy: () => Promise<{ readonly openQueue: typeof openQueue }>
}

/**
 * Remembers picked files until their uploads have ended. `null` where nothing outlives the page, as in Node.
 *
 * @param others bytes of copies that other code makes within `copyLimit`
 */
export function pickQueue(
  { options, tabLocks: locks, loadLazy, ...parts }: PickQueueParts,
  others: () => number,
): PickedFiles | null {
  const { picks, copyStorage } = options
  // An application with its own copy storage does not want files kept in the browser's storage.
  if (picks === undefined && (copyStorage !== undefined || typeof document === 'undefined')) return null
  return new PickedFiles(async (held) => {
    const { openQueue } = await loadLazy()
    return openQueue(options, { ...parts, locks, others }, held)
  })
}
