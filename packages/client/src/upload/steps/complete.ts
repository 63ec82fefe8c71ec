import { combineAll } from '@carryon/hash'
import type { CompleteRequest, RegisteredUpload } from '@carryon/protocol'
import { crc64TypeOf } from '../../backend/upload-backend.js'
import { aboutFile } from '../../core/upload-errors.js'
import type { FileSource } from '../../ports.js'
import type { RunContext } from '../../transfer/run-context.js'
import { UploadError } from '../../upload-types.js'
import type { UploadResult } from '../../upload-types.js'
import type { RunState } from '../run-state.js'
import { termsOf } from '../server-calls.js'
import type { RunSignals, UploadJob } from '../upload-job.js'
import { resultOf } from '../upload-result.js'
import { completed } from './completed.js'
import { recheckFile } from './recheck-file.js'
import { partsInOrder } from './uploaded-parts.js'

/** Has the store join the parts, once the file has proved to be what was sent. Answers where the object is. */
export async function complete(
  job: UploadJob,
  state: RunState,
  run: RunContext,
  control: RunSignals,
): Promise<UploadResult> {
  control.dispatch({ type: 'finish' })
  await recheckFile(run, control.signal)
  state.completeRequest = completeRequestOf(run)
  return finish(job, state, run.upload, state.completeRequest, control)
}

/** Goes on with a complete of which the answer was lost; `null` when none was asked. */
export async function completeIfAsked(
  job: UploadJob,
  state: RunState,
  control: RunSignals,
): Promise<UploadResult | null> {
  const { upload, completeRequest } = state
  if (upload === null || completeRequest === null) return null
  return finish(job, state, upload, completeRequest, control)
}

async function finish(
  { context, file, calls }: UploadJob,
  { verifiedBy }: RunState,
  { id }: RegisteredUpload,
  completeRequest: CompleteRequest,
  { signal, dispatch }: RunSignals,
): Promise<UploadResult> {
  const ask = (): Promise<RegisteredUpload> => {
    dispatch({ type: 'finish' })
    return calls.complete(id, completeRequest, termsOf(signal, dispatch))
  }
  const finished = await completed(ask, context.clock, signal)
  checkFinished(finished, completeRequest, file)
  if (completeRequest.crc64 !== undefined && finished.crc64 !== null) verifiedBy.add('object-crc64')
  return resultOf(finished, verifiedBy)
}

/** What the client vouches for: computed over its own bytes, part by part. */
function completeRequestOf({ file, upload, plan, checksums, uploaded }: RunContext): CompleteRequest {
  const parts = partsInOrder(plan, uploaded)
  const known = checksums.object !== null && parts.every(({ crc64 }) => crc64 !== '')
  return {
    size: plan.size,
    ...(known ? { crc64: combineAll(parts, crc64TypeOf(upload)) } : {}),
    ...(upload.mode === 'single' ? {} : { etags: parts.map(({ etag }) => etag) }),
    // A "single" was renamed when it was opened.
    ...(upload.mode === 'single' || (file.name === upload.name && file.type === upload.type)
      ? {}
      : { name: file.name, type: file.type }),
    ...(plan.runs.length < 2 ? {} : { partRuns: plan.runs }),
  }
}

/** The server compared already; this is the same question asked from the other end. */
function checkFinished(upload: RegisteredUpload, completeRequest: CompleteRequest, file: FileSource): void {
  const sameCrc =
    completeRequest.crc64 === undefined || upload.crc64 === null || upload.crc64 === completeRequest.crc64
  if (upload.size === completeRequest.size && sameCrc) return
  throw new UploadError('checksum-mismatch', `${aboutFile(file)}: the stored object is not what was sent.`)
}
