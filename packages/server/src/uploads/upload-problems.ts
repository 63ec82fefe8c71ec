import { refusalProblem } from '../hooks/refusal.js'
import { Problem } from '../problem.js'
import type { UploadRow } from '../repository/upload-row.js'
import { checksumMismatch } from './verify-object.js'

/** Also returned for another owner's upload, so that a caller cannot learn which ids exist. */
export function notFound(): Problem {
  return new Problem(
    'not-found',
    'You have no upload with this id. GET /api/uploads lists yours; if it is not among them, open a new one for the file.',
  )
}

/** For an upload that is not done. */
export function noObject(): Problem {
  return new Problem(
    'not-found',
    'This upload has no object, or not yet. It has one once POST /api/uploads/:id/complete answers that the upload is done.',
  )
}

/** For a key that an application chose for a second upload. */
export function keyTaken(): Problem {
  return new Problem(
    'forbidden',
    'A file is or was stored under this key. Nothing was opened. Ask the administrator.',
    { status: 409 },
  )
}

/** The problem that answers requests for an upload that ended without an object. */
export function alreadyEnded(row: UploadRow): Problem {
  switch (row.failure) {
    case 'checksum-mismatch':
      return checksumMismatch()
    case 'expired':
      return new Problem(
        'upload-gone',
        'The upload was not finished in time and was removed. Open a new one.',
      )
    case 'oversize':
      return oversize()
    case 'refused':
      return refusalProblem(403, row.refusal ?? '')
    case 'replaced':
    case null:
      return new Problem('upload-gone', 'The upload was cancelled. Open a new one.')
  }
}

/** For an upload with more stored bytes than two machines that send it at once can account for. */
export function oversize(): Problem {
  return new Problem(
    'upload-gone',
    'More than twice the bytes that this upload was opened for were sent, and all of them were removed. Open a new one.',
  )
}
