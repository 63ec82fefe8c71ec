import { combineAll } from '@carryon/hash'
import { completed } from './finish.js'
import { crcsOfParts } from '../content/part-crcs.js'
import { BackendError } from '../core/backend-error.js'
import type { RunContext } from '../transfer/run-context.js'
import { crc64TypeOf } from '../backend/upload-backend.js'
import type { RegisteredUpload } from '@carryon/protocol'

/** What is looked at of an upload that is finished. */
export type Finished = Pick<RunContext, 'context' | 'file' | 'plan' | 'upload' | 'verifiedBy'>

/**
 * Takes up an upload whose complete an earlier page asked for, and left before the answer came.
 *
 * Rejects with `upload-gone` when it ended otherwise, or when its object is not this file: then a new one is opened.
 *
 * @param ask how it stands now; retries by itself
 */
export async function adoptFinished(
  run: Finished,
  ask: () => Promise<RegisteredUpload>,
  signal: AbortSignal,
): Promise<RegisteredUpload> {
  const { context, file, plan, upload, verifiedBy } = run
  const finished = upload.state === 'done' ? upload : await completed(ask, context.clock, signal)
  if (upload.mode === 'single') {
    // The server finds a "single" by its MD5, and its URL was signed for no other bytes.
    verifiedBy.add('part-md5')
    return finished
  }
  const type = crc64TypeOf(upload)
  const crc64 =
    file.known?.crc64(type) ?? combineAll(await crcsOfParts(context, file, plan, type, signal), type)
  if (finished.crc64 !== crc64)
    throw new BackendError('upload-gone', 'The finished upload is of another state of the file.')
  verifiedBy.add('object-crc64')
  return finished
}
