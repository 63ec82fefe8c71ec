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

/**
 * Milliseconds between polls for whether the store has joined the parts; on COS that takes about five minutes for 34
 * GB.
 */
const shortestAsk = 1_000
const longestAsk = 10_000

/** Rechecks that the file still is what was sent, has the store join the parts, and returns the result. */
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

/** Repeats a complete request whose answer was lost; `null` when none was sent. */
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
  // The server has compared them already; the client checks again independently.
  const isCompared = request.crc64 !== undefined && finished.crc64 !== null
  if (finished.size !== request.size || (isCompared && finished.crc64 !== request.crc64)) {
    throw new UploadError('checksum-mismatch', `${aboutFile(file)}: the stored object is not what was sent.`)
  }
  if (isCompared) verifiedBy.add('object-crc64')
  return resultOf(finished, verifiedBy)
}

/** The complete request, computed part by part from the bytes that the client read. */
function completeRequestOf(run: RunContext): CompleteRequest {
  const { file, upload, plan, checksums } = run
  const parts = partsInOrder(run)
  const known = checksums.object !== null && parts.every(({ crc64 }) => crc64 !== '')
  return {
    size: plan.size,
    ...(known && { crc64: combineAll(parts, crc64TypeOf(upload)) }),
    ...(upload.mode !== 'single' && {
      etags: parts.map(({ etag }) => etag),
      // The server has already updated the name of a single upload when it was opened.
      ...((file.name !== upload.name || file.type !== upload.type) && { name: file.name, type: file.type }),
    }),
    ...(plan.runs.length > 1 && { partRuns: plan.runs }),
  }
}

/**
 * Polls until the store has joined the parts. Rejects with `upload-gone` when the upload ended otherwise.
 *
 * @param ask sends the complete request or reads the upload's state; retries by itself
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

/**
 * The result if another machine has finished the upload since it was opened here, so that nothing is sent twice; else
 * `null`.
 */
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
 * Adopts an upload that an earlier page asked to complete, but left before the answer came.
 *
 * Rejects with `upload-gone` when it ended otherwise, or when its object is not this file; then a new one is opened.
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
    // The server finds a single upload by its MD5, and its URL was signed for exactly these bytes.
    verifiedBy.add('part-md5')
    return resultOf(finished, verifiedBy)
  }
  if (finished.crc64 !== (await crc64OfFile(context, file, crc64TypeOf(upload), signal)))
    throw new BackendError('upload-gone', 'The finished upload is of another state of the file.')
  verifiedBy.add('object-crc64')
  return resultOf(finished, verifiedBy)
}

/**
 * Reads the file again before it is declared stored, because parts that were sent an hour apart could come from two
 * versions of it. A single PUT cannot: the store checked it against the MD5 that was computed before.
 *
 * Rejects with `file-changed`.
 */
async function recheckFile(run: RunContext, signal: AbortSignal): Promise<void> {
  const { context, file, upload, plan, uploaded } = run
  const crc64Type = crc64TypeOf(upload)
  if (upload.mode === 'single') return
  if (file.known !== undefined) {
    // A local copy was checked to be one version of the file when it was made; it differs only if damaged on disk
    // since.
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

/** All parts in order; throws if one is not uploaded. */
function partsInOrder({ plan, uploaded }: RunContext): readonly UploadedPart[] {
  return Array.from({ length: plan.partCount }, (_, index) => {
    const part = uploaded.get(index + 1)
    if (part === undefined) throw new TypeError(`Part ${index + 1} was never acknowledged.`)
    return part
  })
}
