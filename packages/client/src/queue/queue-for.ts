import type { openQueue, QueueOptions, QueueParts } from './open-queue.js'
import { PickedFiles } from './picked-files.js'

/** `null` where nothing lasts beyond the page, as in Node. */
export function queueFor(
  options: QueueOptions & { readonly copyStorage?: unknown },
  parts: QueueParts,
  load: () => Promise<{ readonly openQueue: typeof openQueue }>,
): PickedFiles | null {
  const { picks, copyStorage } = options
  // Whoever keeps files in a place of their own does not want them in the browser's.
  if (picks === undefined && (copyStorage !== undefined || typeof document === 'undefined')) return null
  return new PickedFiles(async (held) => (await load()).openQueue(options, parts, held))
}
