import { Problem } from '../http/problem.js'
import type { UploadRow } from '../register/upload-row.js'
import { checksumMismatch } from './verify-object.js'

/** Also for another owner's upload, so that nobody learns which ids exist. */
export function notFound(): Problem {
  return new Problem('not-found', 'There is no such upload.')
}

/** What is answered about an upload that ended without an object. */
export function alreadyEnded(row: UploadRow): Problem {
  switch (row.failure) {
    case 'checksum-mismatch':
      return checksumMismatch()
    case 'expired':
      return new Problem('upload-gone', 'The upload was not finished in time and was removed. Open it anew.')
    case 'oversize':
      return oversize()
    case 'replaced':
    case null:
      return new Problem('upload-gone', 'The upload was cancelled. Open it anew.')
  }
}

/** The store holds more bytes than the upload was opened for. */
export function oversize(): Problem {
  return new Problem(
    'upload-gone',
    'More was sent than this upload was opened for, and all of it was removed. Open it anew.',
  )
}
