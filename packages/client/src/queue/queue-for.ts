import type { LoadLazyCode } from '../local-copies/create-local-copies.js'
import type { UploaderOptions } from '../uploader-types.js'
import type { QueueParts } from './open-queue.js'
import { PickedFiles } from './picked-files.js'

/** `null` where nothing lasts beyond the page, as in Node. */
export function queueFor(
  options: UploaderOptions,
  parts: QueueParts,
  load: LoadLazyCode,
): PickedFiles | null {
  const { picks, copyStorage } = options
  // Whoever keeps files in a place of their own does not want them in the browser's.
  if (picks === undefined && (copyStorage !== undefined || typeof document === 'undefined')) return null
  return new PickedFiles(async (held) => (await load()).openQueue(options, parts, held))
}
