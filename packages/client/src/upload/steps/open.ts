import { firstGroup, lastOfGroup } from '@carryon/protocol'
import type { OpenedUpload, RegisteredUpload } from '@carryon/protocol'
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

/** An upload of which parts may be missing. */
export interface Opened {
  readonly opened: OpenedUpload
  readonly layout: PartLayout
  /** What this browser knows of this very multipart upload. */
  readonly remembered: readonly RememberedPart[]
}

/** Opens the file's upload. Answers the result at once where nothing is left to send. */
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
  const layout = state.opened(upload, (before) => layoutOf(job, opened, before))
  if (upload.state !== 'open') {
    control.dispatch({ type: 'finish' })
    const result = await adoptFinished(job, state, upload, control)
    state.resumedBytes = upload.size
    return { result }
  }
  const isKnown = known?.id === upload.id && known.uploadId === upload.uploadId && known.size === upload.size
  if (!isKnown) remember(job, state, upload)
  return { opened, layout, remembered: isKnown ? known.parts : [] }
}

/** Not waited for: it is only a memory, and the first byte is not to wait for a disk. */
function remember(
  { context: { memory }, file: { name, size } }: UploadJob,
  { earlier }: RunState,
  { mode, identity, id, uploadId, partSize }: RegisteredUpload,
): void {
  if (mode === 'single') return
  const head = { identity, id, uploadId, partSize, name, size }
  // First, for it is the same upload: its parts are remembered by its id.
  if (earlier?.id !== id) void memory.begin(head)
  else void memory.delete(earlier.identity).then(() => memory.begin(head))
}

/** What the server and what this browser know of an upload. */
type Answers = readonly [OpenedUpload | Proof, RememberedUpload | null]

/** Asks for the file's own upload: a new one, one that is open, or one that was finished before. */
async function askToOpen(
  job: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  control: RunControl,
): Promise<Answers> {
  const { context, file, calls } = job
  const duplicates = state.upload === null ? await duplicatesOf(job, state) : null
  control.signal.throwIfAborted()
  control.dispatch({ type: 'open' })
  state.isUnanswered = true
  // Both at once: neither waits for the other on the way to the first byte.
  const answers = await Promise.all([
    duplicates?.open(fingerprint, control) ?? calls.open(file, fingerprint, control),
    // Of what goes as one PUT nothing is remembered.
    fingerprint.md5 === null ? context.memory.get(fingerprint.identity) : null,
  ])
  state.isUnanswered = false
  return ownOf(job, state, fingerprint, answers, control)
}

/** `null`: the file is sent, whatever is stored. So it is too where the code that compares cannot be loaded. */
async function duplicatesOf(job: UploadJob, state: RunState): Promise<DuplicateChecker | null> {
  if (job.onDuplicate === 'copy') return null
  const lazyCode = await job.context.loadLazy().catch(() => null)
  if (lazyCode !== null) state.duplicates ??= new lazyCode.DuplicateChecker(job)
  return state.duplicates
}

/** Another file's upload is left alone, and this file gets one of its own. */
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
  if ('by' in opened || state.upload?.id === opened.upload.id || !mayBeAnothers(opened, file))
    return [opened, known]
  control.dispatch({ type: 'identify' })
  // Code that cannot be loaded costs sending again, nothing else.
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
 * Whether the upload that was answered may be of another file: an identity knows samples only. It was opened for a file
 * of another name then. What was just created is this file's, whatever a server makes of its name.
 */
function mayBeAnothers({ upload, created, parts }: OpenedUpload, file: FileSource): boolean {
  if (upload.mode === 'single' || upload.name === file.name) return false
  return parts.length > 0 || created === false
}

/**
 * How the file of an upload that was opened is cut.
 *
 * @param before its layout at an earlier opening: what was decided stays so, as long as the store shows no other parts
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
