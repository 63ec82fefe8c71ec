import type { LoadKept } from '../kept/keeper-for.js'
import type { UploaderOptions } from '../uploader-types.js'
import type { QueueParts } from './open-queue.js'
import { PickedFiles } from './picked-files.js'

/** `null` where nothing lasts beyond the page, as in Node. */
export function queueFor(options: UploaderOptions, parts: QueueParts, load: LoadKept): PickedFiles | null {
  const { picks, keeping } = options
  // Whoever keeps files in a place of their own does not want them in the browser's.
  if (picks === undefined && (keeping !== undefined || typeof document === 'undefined')) return null
  return new PickedFiles(async (held) => (await load()).openQueue(options, parts, held))
}
