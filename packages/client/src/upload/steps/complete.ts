import { combineAll } from '@carryon/hash'
import type { CompleteRequest, RegisteredUpload } from '@carryon/protocol'
import { crc64TypeOf } from '../../backend/upload-backend.js'
import { recheckSamples } from '../../content/fingerprint.js'
import { crc64OfFile, digestParts } from '../../content/part-digests.js'
import { BackendError, isOver } from '../../core/backend-error.js'
import { aboutFile, fileChanged } from '../../core/upload-errors.js'
import { TransportError } from '../../ports.js'
import type { Clock } from '../../ports.js'
import type { RunContext } from '../../transfer/run-context.js'
import type { UploadedPart } from '../../transfer/uploaded-part.js'
import { UploadError } from '../../upload-types.js'
import type { UploadResult } from '../../upload-types.js'
import type { RunState } from '../run-state.js'
import type { RunSignals, UploadJob } from '../upload-job.js'
import { resultOf } from '../upload-result.js'

/** Milliseconds between questions whether the store has joined the parts; about five minutes for 34 GB on COS. */
const shortestAsk = 1_000
const longestAsk = 10_000

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
  return upload && completeRequest && finish(job, state, upload, completeRequest, control)
}

async function finish(
  { context, file, calls }: UploadJob,
  { verifiedBy }: RunState,
  { id }: RegisteredUpload,
  request: CompleteRequest,
  control: RunSignals,
): Promise<UploadResult> {
  const ask = (): Promise<RegisteredUpload> => {
    control.dispatch({ type: 'finish' })
    return calls.complete(id, request, control)
  }
  const finished = await completed(ask, context.clock, control.signal)
  // The server compared already; this is the same question asked from the other end.
  const isCompared = request.crc64 !== undefined && finished.crc64 !== null
  if (finished.size !== request.size || (isCompared && finished.crc64 !== request.crc64)) {
    throw new UploadError('checksum-mismatch', `${aboutFile(file)}: the stored object is not what was sent.`)
  }
  if (isCompared) verifiedBy.add('object-crc64')
  return resultOf(finished, verifiedBy)
}

/** What the client vouches for: computed over its own bytes, part by part. */
function completeRequestOf(run: RunContext): CompleteRequest {
  const { file, upload, plan, checksums } = run
  const parts = partsInOrder(run)
  const known = checksums.object !== null && parts.every(({ crc64 }) => crc64 !== '')
  return {
    size: plan.size,
    ...(known && { crc64: combineAll(parts, crc64TypeOf(upload)) }),
    ...(upload.mode !== 'single' && {
      etags: parts.map(({ etag }) => etag),
      // A "single" was renamed when it was opened.
      ...((file.name !== upload.name || file.type !== upload.type) && { name: file.name, type: file.type }),
    }),
    ...(plan.runs.length > 1 && { partRuns: plan.runs }),
  }
}

/**
 * Asks until the store has joined the parts. Rejects with `upload-gone` when the upload ended otherwise.
 *
 * @param ask to complete, or how it stands; retries by itself
 */
export async function completed(
  ask: () => Promise<RegisteredUpload>,
  clock: Clock,
  signal: AbortSignal,
): Promise<RegisteredUpload> {
  for (let pause = shortestAsk; ; pause = Math.min(longestAsk, pause * 1.5)) {
    const upload = await ask()
    if (upload.state === 'done') return upload
    if (upload.state !== 'completing')
      throw new BackendError('upload-gone', `The server calls the upload ${upload.state}.`)
    await clock.sleep(pause, signal)
  }
}

/** Another machine may have finished it since it was opened here: nothing is sent twice then. `null`: it has not. */
export async function adoptIfFinished(
  job: UploadJob,
  state: RunState,
  control: RunSignals,
): Promise<UploadResult | null> {
  if (state.upload?.mode !== 'multipart') return null
  try {
    return await adoptFinished(job, state, state.upload, control)
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
  control: RunSignals,
): Promise<UploadResult> {
  const { signal } = control
  const ask = async (): Promise<RegisteredUpload> => {
    const now = await calls.get(upload.id, control)
    if (now.state !== 'open') control.dispatch({ type: 'finish' })
    return now
  }
  const finished = upload.state === 'done' ? upload : await completed(ask, context.clock, signal)
  if (upload.mode === 'single') {
    // The server finds a "single" by its MD5, and its URL was signed for no other bytes.
    verifiedBy.add('part-md5')
    return resultOf(finished, verifiedBy)
  }
  if (finished.crc64 !== (await crc64OfFile(context, file, crc64TypeOf(upload), signal)))
    throw new BackendError('upload-gone', 'The finished upload is of another state of the file.')
  verifiedBy.add('object-crc64')
  return resultOf(finished, verifiedBy)
}

/**
 * Reads the file again before it is declared stored: parts that were sent an hour apart could be of two states of
 * it. A single PUT is one state: the store checked it against the MD5 that was read before.
 *
 * Rejects with `file-changed`.
 */
async function recheckFile(run: RunContext, signal: AbortSignal): Promise<void> {
  const { context, file, upload, plan, uploaded } = run
  const crc64Type = crc64TypeOf(upload)
  if (upload.mode === 'single') return
  if (file.known !== undefined) {
    // A copy is of one state of the file, as was checked when it was made. What the disk has damaged since differs.
    if (combineAll(partsInOrder(run), crc64Type) === file.known.crc64(crc64Type)) return
    throw new UploadError(
      'file-unreadable',
      `${aboutFile(file)}: the copy kept here is damaged. Pick it again to go on.`,
    )
  }
  try {
    if (await recheckSamples(run, signal)) return
    await digestParts(context, file, plan, [crc64Type], signal, (partNumber, { crc64 }) => {
      if (crc64 !== uploaded.get(partNumber)?.crc64) throw fileChanged(aboutFile(file))
    })
  } catch (error) {
    if (error instanceof TransportError && error.reason === 'source-changed')
      throw fileChanged(aboutFile(file), error)
    throw error
  }
}

/** All parts, each of which is uploaded. */
function partsInOrder({ plan, uploaded }: RunContext): readonly UploadedPart[] {
  return Array.from({ length: plan.partCount }, (_, index) => {
    const part = uploaded.get(index + 1)
    if (part === undefined) throw new TypeError(`Part ${index + 1} was never acknowledged.`)
    return part
  })
}
