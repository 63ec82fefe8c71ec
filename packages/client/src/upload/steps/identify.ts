import {
  computeFingerprint,
  contentIdentity,
  largestSingle,
  smallFileSize,
} from '../../content/fingerprint.js'
import type { Fingerprint } from '../../content/fingerprint.js'
import { aboutFile, fileChanged } from '../../core/upload-errors.js'
import type { FileSource } from '../../ports.js'
import { mostInFlight } from '../../transfer/part-sizing.js'
import { UploadError } from '../../upload-types.js'
import type { RunState } from '../run-state.js'
import type { Expected, UploadJob } from '../upload-job.js'

/**
 * Computes by what the file is found again. Rejects with `file-changed` when it is not the file that the upload began
 * with.
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

/** For a file that is not the one which an upload began with. */
export function notExpected(file: FileSource, { name, size }: Expected): UploadError {
  return new UploadError(
    'file-changed',
    `${aboutFile(file)} is not the file that this upload began with: "${name}" of ${size} ` +
      'bytes is expected. Pick that one, or upload this one anew.',
  )
}
