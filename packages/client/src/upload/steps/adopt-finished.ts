import { combineAll } from '@carryon/hash'
import type { RegisteredUpload } from '@carryon/protocol'
import { crc64TypeOf } from '../../backend/upload-backend.js'
import { crcsOfParts } from '../../content/part-crcs.js'
import { BackendError, isOver } from '../../core/backend-error.js'
import type { PartLayout } from '../../transfer/part-layout.js'
import type { UploadResult } from '../../upload-types.js'
import type { RunState } from '../run-state.js'
import { termsOf } from '../server-calls.js'
import type { RunSignals, UploadJob } from '../upload-job.js'
import { resultOf } from '../upload-result.js'
import { completed } from './completed.js'

/** Another machine may have finished it since it was opened here: nothing is sent twice then. `null`: it has not. */
export async function adoptIfFinished(
  job: UploadJob,
  state: RunState,
  control: RunSignals,
): Promise<UploadResult | null> {
  const { upload, layout } = state
  if (upload?.mode !== 'multipart' || layout === null) return null
  try {
    return await adoptFinished(job, state, upload, layout, control)
  } catch (error) {
    if (isOver(error)) return null
    throw error
  }
}

/**
 * Takes up an upload whose complete an earlier page asked for, and left before the answer came.
 *
 * Rejects with `upload-gone` when it ended otherwise, or when its object is not this file: then a new one is opened.
 */
export async function adoptFinished(
  { context, file, calls }: UploadJob,
  { verifiedBy }: RunState,
  upload: RegisteredUpload,
  { plan }: PartLayout,
  { signal, dispatch }: RunSignals,
): Promise<UploadResult> {
  const ask = async (): Promise<RegisteredUpload> => {
    const now = await calls.get(upload.id, termsOf(signal, dispatch))
    if (now.state !== 'open') dispatch({ type: 'finish' })
    return now
  }
  const finished = upload.state === 'done' ? upload : await completed(ask, context.clock, signal)
  if (upload.mode === 'single') {
    // The server finds a "single" by its MD5, and its URL was signed for no other bytes.
    verifiedBy.add('part-md5')
    return resultOf(finished, verifiedBy)
  }
  const type = crc64TypeOf(upload)
  const crc64 =
    file.known?.crc64(type) ?? combineAll(await crcsOfParts(context, file, plan, type, signal), type)
  if (finished.crc64 !== crc64)
    throw new BackendError('upload-gone', 'The finished upload is of another state of the file.')
  verifiedBy.add('object-crc64')
  return resultOf(finished, verifiedBy)
}
