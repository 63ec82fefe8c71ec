import {
  computeFingerprint,
  contentIdentity,
  largestSingle,
  smallFileSize,
} from '../../content/fingerprint.js'
import type { Fingerprint } from '../../content/fingerprint.js'
import { aboutFile, fileChanged } from '../../core/upload-errors.js'
import type { FileSource, RememberedHead } from '../../ports.js'
import { mostInFlight } from '../../transfer/part-sizing.js'
import { UploadError } from '../../upload-types.js'
import type { RunState } from '../run-state.js'
import type { Expected, RunSignals, UploadJob } from '../upload-job.js'

/**
 * Computes the fingerprint by which the file's upload is found again. Rejects with `file-changed` when it is not the
 * file that the upload began with.
 */
export async function identify(
  { context, file, expected, calls }: UploadJob,
  state: RunState,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const { hasher, pool, readLimit, usual } = context
  const { speed } = pool
  const singleUpTo = largestSingle(speed === null ? null : mostInFlight(speed, 0))
  const leave = file.size <= smallFileSize ? await readLimit.acquire(signal) : () => undefined
  const fingerprint = await computeFingerprint(file, hasher, usual.crc64Type, signal, singleUpTo).finally(
    leave,
  )
  if (expected !== null && fingerprint.identity === contentIdentity(expected.identity)) {
    calls.wanted = { identity: expected.identity, ...calls.wanted }
  } else if (expected !== null && (expected.name !== file.name || fingerprint.md5 !== null)) {
    throw notExpected(file, expected)
  }
  if (state.fingerprint !== null && state.fingerprint.identity !== fingerprint.identity)
    throw fileChanged(aboutFile(file))
  state.fingerprint = fingerprint
  return fingerprint
}

/** The error for a file other than the one that the upload began with. */
function notExpected(file: FileSource, { name, size }: Expected): UploadError {
  return new UploadError(
    'file-changed',
    `${aboutFile(file)} is not "${name}" of ${size} bytes, which this upload began with. Pick that one, or start a new upload.`,
  )
}

/** Remembered uploads of files with this name, read while the file is identified. Single uploads are not remembered. */
export async function sameNameUploads(
  { context, file: { size, name, known } }: UploadJob,
  state: RunState,
): Promise<readonly RememberedHead[]> {
  if (size <= smallFileSize || known !== undefined || state.upload !== null) return []
  return (await context.memory.all(name)).filter((upload) => upload.name === name)
}

/**
 * Finds the upload of an earlier state of the file. A file that grew, or was edited inside a sampled range, has another
 * fingerprint than when its upload began; the parts of that upload that are still equal are not sent again.
 */
export async function findEarlierState(
  { context, file, expected, calls }: UploadJob,
  state: RunState,
  fingerprint: Fingerprint,
  sameName: readonly RememberedHead[],
  control: RunSignals,
): Promise<void> {
  const candidates = expected === null ? sameName : [expected]
  const others = candidates.filter(({ identity }) => contentIdentity(identity) !== fingerprint.identity)
  if (others.length === 0 || state.upload !== null) return
  const lazyCode = await context.loadLazy().catch(() => null)
  const earlier = await lazyCode?.earlierState(context, calls, file, others, control)
  control.dispatch({ type: 'identify' })
  if (earlier) {
    calls.wanted = { continues: earlier.id }
    state.earlier = earlier
  } else if (expected !== null) {
    throw notExpected(file, expected)
  }
}
