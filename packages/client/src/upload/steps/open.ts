import { firstGroup, lastOfGroup } from '@carryon/protocol'
import type { OpenedUpload, RegisteredDuplicate, RegisteredUpload } from '@carryon/protocol'
import { runsOf } from '../../backend/upload-backend.js'
import type { Proof } from '../../content/content-proof.js'
import type { Fingerprint } from '../../content/fingerprint.js'
import { aboutFile } from '../../core/upload-errors.js'
import type { FileSource, RememberedPart, RememberedUpload } from '../../ports.js'
import { PartLayout } from '../../transfer/part-layout.js'
import { UploadError } from '../../upload-types.js'
import type { UploadResult } from '../../upload-types.js'
import type { DuplicateChecker } from '../duplicate-check.js'
import type { RunState } from '../run-state.js'
import type { RunControl, UploadJob } from '../upload-job.js'
import { resultOf } from '../upload-result.js'
import { adoptFinished, adoptIfFinished } from './complete.js'

/** An open upload that may lack parts. */
export interface Opened {
  readonly opened: OpenedUpload
  readonly layout: PartLayout
  /** Parts that this browser remembers of this multipart upload. */
  readonly remembered: readonly RememberedPart[]
}

/** Opens the file's upload. Returns the result right away if nothing is left to send. */
export async function open(
  job: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  control: RunControl,
): Promise<Opened | { readonly result: UploadResult }> {
  const finished = await adoptIfFinished(job, state, control)
  if (finished !== null) return { result: finished }
  const [opened, known] = await askToOpen(job, state, fingerprint, control)
  const { upload } = opened
  if ('by' in opened) {
    state.upload = upload
    return { result: { ...resultOf(upload, opened.by), reused: true } }
  }
  if ('etagsDigest' in opened) {
    state.upload = upload
    return adopt(job, state, upload, control)
  }
  const layout = state.opened(upload, (before) => layoutOf(job, opened, before))
  if (upload.state !== 'open') return adopt(job, state, upload, control)
  const isKnown = known?.id === upload.id && known.uploadId === upload.uploadId && known.size === upload.size
  if (!isKnown) remember(job, state, upload)
  return { opened, layout, remembered: isKnown ? known.parts : [] }
}

async function adopt(
  job: UploadJob,
  state: RunState,
  upload: RegisteredUpload,
  control: RunControl,
): Promise<{ readonly result: UploadResult }> {
  control.dispatch({ type: 'finish' })
  const result = await adoptFinished(job, state, upload, control)
  state.resumedBytes = upload.size
  return { result }
}

/** Remembers the upload. Not awaited: it is only a cache, and the first byte should not wait for a disk. */
function remember(
  { context: { memory }, file: { name, size } }: UploadJob,
  { earlier }: RunState,
  { mode, identity, id, uploadId, partSize }: RegisteredUpload,
): void {
  if (mode === 'single') return
  const head = { identity, id, uploadId, partSize, name, size }
  // Delete the earlier record first: both have the same upload id, and parts are remembered under that id.
  if (earlier?.id !== id) void memory.begin(head)
  else void memory.delete(earlier.identity).then(() => memory.begin(head))
}

/** What the server and this browser know of an upload. */
type Answers = readonly [OpenedUpload | Proof | RegisteredDuplicate, RememberedUpload | null]

/** Asks for the file's own upload: a new one, one that is open, or one that was finished before. */
async function askToOpen(
  job: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  control: RunControl,
): Promise<Answers> {
  const { context } = job
  const duplicates = state.upload === null ? await duplicatesOf(job, state) : null
  control.signal.throwIfAborted()
  control.dispatch({ type: 'open' })
  state.isUnanswered = true
  // In parallel, so that the first byte is sent sooner.
  const answers = await Promise.all([
    duplicates?.open(fingerprint, control) ?? openOrFinished(job, state, fingerprint, control),
    // Single uploads, the ones with an MD5, are not remembered.
    fingerprint.md5 === null ? context.memory.get(fingerprint.identity) : null,
  ])
  state.isUnanswered = false
  return ownOf(job, state, fingerprint, answers, control)
}

/** Opens the upload; returns the expected one as a duplicate if it was finished since it was listed. */
async function openOrFinished(
  { calls, file, expected }: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  control: RunControl,
): Promise<OpenedUpload | RegisteredDuplicate> {
  if (state.upload === null && expected?.id !== undefined) {
    const answer = await calls.openUnlessDone(file, fingerprint, control)
    if (!('duplicates' in answer)) return answer
    const finished = answer.duplicates.find(({ upload: { id } }) => id === expected.id)
    if (finished !== undefined) return finished
  }
  return calls.open(file, fingerprint, control)
}

/** `null` if the file is to be sent whatever is stored, also when the comparing code cannot be loaded. */
async function duplicatesOf(job: UploadJob, state: RunState): Promise<DuplicateChecker | null> {
  if (job.onDuplicate === 'copy') return null
  const lazyCode = await job.context.loadLazy().catch(() => null)
  if (lazyCode !== null) state.duplicates ??= new lazyCode.DuplicateChecker(job)
  return state.duplicates
}

/** If the server returned the upload of another file, leaves it alone and opens a separate one for this file. */
async function ownOf(
  { context, file, calls }: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  [opened, byFingerprint]: Answers,
  control: RunControl,
): Promise<Answers> {
  if (opened.upload.mode === 'single') return [opened, null]
  const { memory } = context
  const { identity } = opened.upload
  const known = identity === fingerprint.identity ? byFingerprint : await memory.get(identity)
  if (!('parts' in opened) || state.upload?.id === opened.upload.id || !mayBeAnothers(opened, file))
    return [opened, known]
  control.dispatch({ type: 'identify' })
  // If the code cannot be loaded, the only cost is sending the file again.
  const lazyCode = await context.loadLazy().catch(() => null)
  if (await lazyCode?.isCopyOf(context, file, opened, known, control.signal)) return [opened, known]
  control.dispatch({ type: 'open' })
  calls.wanted = { separate: true }
  state.isUnanswered = true
  const own = await calls.open(file, fingerprint, control)
  state.isUnanswered = false
  return [own, await memory.get(own.upload.identity)]
}

/**
 * Whether the returned upload may belong to another file, which is possible because a fingerprint covers only samples.
 * If so, it was opened under another name. An upload that was just created belongs to this file, even if the server
 * changed its name.
 */
function mayBeAnothers({ upload, created, parts }: OpenedUpload, file: FileSource): boolean {
  if (upload.mode === 'single' || upload.name === file.name) return false
  return parts.length > 0 || created === false
}

/**
 * The part layout of an opened upload.
 *
 * @param before its layout at an earlier opening, which is kept unless the store shows other parts
 */
function layoutOf(
  { file, context: { partSize } }: UploadJob,
  { upload, parts }: OpenedUpload,
  before: PartLayout | null,
): PartLayout {
  const { size } = file
  const isSingle = upload.mode === 'single'
  const isOpen = !isSingle && upload.grows === true && upload.state === 'open'
  const highest = parts.reduce((most, { partNumber }) => Math.max(most, partNumber), 1)
  const fixed = isOpen ? Math.max(firstGroup, lastOfGroup(highest)) : null
  const runs = isSingle ? [{ after: 0, partSize: Math.max(1, size) }] : runsOf(upload)
  const shown = new PartLayout(size, runs, fixed)
  if (upload.size !== size || upload.partCount !== shown.plan.partCount) {
    throw new UploadError(
      'server-error',
      `${aboutFile(file)}: the server answered an upload of ${upload.size} bytes in ${upload.partCount} parts for a file of ${size}.`,
    )
  }
  if (!isOpen) return shown
  if (before?.startsLike(shown) === true) return before
  return partSize === undefined ? shown : new PartLayout(size, shown.plan.runs, null)
}
