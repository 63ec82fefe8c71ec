import { failsWhenChanged, recheckSamples } from '../content/recheck.js'
import { combineAll } from '@carryon/hash'
import { crcsOfParts } from '../content/part-crcs.js'
import type { UploadedPart } from '../transfer/uploaded-part.js'
import { TransportError } from '../ports.js'
import type { Clock, FileSource, KnownContent } from '../ports.js'
import { BackendError } from '../core/backend-error.js'
import type { RunContext } from '../transfer/run-context.js'
import { crc64TypeOf } from '../backend/upload-backend.js'
import type { CompleteRequest, RegisteredUpload } from '@carryon/protocol'
import { aboutFile, fileChanged } from '../core/upload-errors.js'
import { UploadError } from '../upload-types.js'

/** Milliseconds between questions whether the store has joined the parts; about five minutes for 34 GB on COS. */
const shortestAsk = 1_000
const longestAsk = 10_000

/** What the client vouches for: computed over its own bytes, part by part. Every part is uploaded. */
export function completeRequestOf({ file, upload, plan, checksums, uploaded }: RunContext): CompleteRequest {
  const ordered = Array.from({ length: plan.partCount }, (_, index) => uploadedPartOf(uploaded, index + 1))
  const known = checksums.object !== null && ordered.every(({ crc64 }) => crc64 !== '')
  return {
    size: plan.size,
    ...(known ? { crc64: combineAll(ordered, crc64TypeOf(upload)) } : {}),
    ...(upload.mode === 'single' ? {} : { etags: ordered.map(({ etag }) => etag) }),
    // A "single" was renamed when it was opened.
    ...(upload.mode === 'single' || (file.name === upload.name && file.type === upload.type)
      ? {}
      : { name: file.name, type: file.type }),
    ...(plan.runs.length < 2 ? {} : { partRuns: plan.runs }),
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

/** The server compared already; this is the same question asked from the other end. */
export function checkFinished(
  upload: RegisteredUpload,
  completeRequest: CompleteRequest,
  file: FileSource,
): void {
  const sameCrc =
    completeRequest.crc64 === undefined || upload.crc64 === null || upload.crc64 === completeRequest.crc64
  if (upload.size === completeRequest.size && sameCrc) return
  throw new UploadError('checksum-mismatch', `${aboutFile(file)}: the stored object is not what was sent.`)
}

/**
 * Reads the file again before it is declared stored: parts that were sent an hour apart could be of two states of
 * it. A single PUT is one state: the store checked it against the MD5 that was read before.
 *
 * Rejects with `file-changed`.
 */
export async function recheck(run: RunContext, signal: AbortSignal): Promise<void> {
  const { context, file, upload } = run
  if (upload.mode === 'single') return
  if (file.known !== undefined) {
    recheckCopy(run, file.known)
    return
  }
  const thorough = context.recheck ?? (failsWhenChanged(file) ? 'samples' : 'full')
  try {
    await (thorough === 'full' ? recheckAll(run, signal) : recheckSamples(run, signal))
  } catch (error) {
    if (error instanceof TransportError && error.reason === 'source-changed')
      throw fileChanged(aboutFile(file), error)
    throw error
  }
}

/** A copy is of one state of the file, as was checked when it was made. What the disk has damaged since differs. */
function recheckCopy({ file, plan, uploaded, upload }: RunContext, known: KnownContent): void {
  const crc64Type = crc64TypeOf(upload)
  const sent = Array.from({ length: plan.partCount }, (_, index) => uploadedPartOf(uploaded, index + 1))
  if (combineAll(sent, crc64Type) === known.crc64(crc64Type)) return
  throw new UploadError(
    'file-unreadable',
    `${aboutFile(file)}: the copy that this browser kept is damaged. Pick the file again to go on.`,
  )
}

async function recheckAll(
  { context, file, plan, uploaded, upload }: RunContext,
  signal: AbortSignal,
): Promise<void> {
  await crcsOfParts(context, file, plan, crc64TypeOf(upload), signal, (partNumber, crc64) => {
    if (crc64 !== uploadedPartOf(uploaded, partNumber).crc64) throw fileChanged(aboutFile(file))
  })
}

function uploadedPartOf(uploaded: ReadonlyMap<number, UploadedPart>, partNumber: number): UploadedPart {
  const uploadedPart = uploaded.get(partNumber)
  if (uploadedPart === undefined) throw new TypeError(`Part ${partNumber} was never acknowledged.`)
  return uploadedPart
}
