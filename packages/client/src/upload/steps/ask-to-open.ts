import type { OpenedUpload } from '@carryon/protocol'
import type { Proof } from '../../content/content-proof.js'
import type { Fingerprint } from '../../content/fingerprint.js'
import type { FileSource, RememberedUpload } from '../../ports.js'
import type { DuplicateChecker } from '../duplicate-check.js'
import type { RunState } from '../run-state.js'
import { termsOf } from '../server-calls.js'
import type { RunControl, UploadJob } from '../upload-job.js'

/** What the server and what this browser know of an upload. */
type Answers = readonly [OpenedUpload | Proof, RememberedUpload | null]

/** Asks for the file's own upload: a new one, one that is open, or one that was finished before. */
export async function askToOpen(
  job: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  control: RunControl,
): Promise<Answers> {
  const { context, file, calls } = job
  const { signal, dispatch } = control
  const duplicates = state.upload === null ? await duplicatesOf(job, state) : null
  signal.throwIfAborted()
  dispatch({ type: 'open' })
  state.isUnanswered = true
  // Both at once: neither waits for the other on the way to the first byte.
  const answers = await Promise.all([
    duplicates?.open(fingerprint, control) ?? calls.open(file, fingerprint, termsOf(signal, dispatch)),
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
  { signal, dispatch }: RunControl,
): Promise<Answers> {
  if (opened.upload.mode === 'single') return [opened, null]
  const { memory } = context
  const { identity } = opened.upload
  const known = identity === fingerprint.identity ? byFingerprint : await memory.get(identity)
  if ('by' in opened || state.upload?.id === opened.upload.id || !mayBeAnothers(opened, file))
    return [opened, known]
  dispatch({ type: 'identify' })
  // Code that cannot be loaded costs sending again, nothing else.
  const lazyCode = await context.loadLazy().catch(() => null)
  if (await lazyCode?.isCopyOf(context, file, opened, known, signal)) return [opened, known]
  dispatch({ type: 'open' })
  calls.wanted = { separate: true }
  state.isUnanswered = true
  const own = await calls.open(file, fingerprint, termsOf(signal, dispatch))
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
