import type { TabLocks } from '../../ports.js'
import type { openQueue, QueueOptions, QueueParts } from './open-queue.js'
import { PickedFiles } from './picked-files.js'

/** What a queue is made with. */
export interface PickQueueParts extends Omit<QueueParts, 'locks' | 'others'> {
  readonly options: QueueOptions & { readonly copyStorage?: unknown }
  readonly tabLocks: TabLocks
  /** Code that is loaded once there is something to remember. */
  readonly loadLazy: () => Promise<{ readonly openQueue: typeof openQueue }>
}

/**
 * Remembers picked files until their uploads have ended. `null` where nothing lasts beyond the page, as in Node.
 *
 * @param others bytes of copies that somebody else makes within `copyLimit`
 */
export function pickQueue(
  { options, tabLocks: locks, loadLazy, ...parts }: PickQueueParts,
  others: () => number,
): PickedFiles | null {
  const { picks, copyStorage } = options
  // Whoever keeps files in a place of their own does not want them in the browser's.
  if (picks === undefined && (copyStorage !== undefined || typeof document === 'undefined')) return null
  return new PickedFiles(async (held) => {
    const { openQueue } = await loadLazy()
    return openQueue(options, { ...parts, locks, others }, held)
  })
}
