import { UploadError } from '../upload-types.js'
import type { UploadErrorCode } from '../upload-types.js'
import { messageOf, requestIdOf } from './error-fields.js'
import { meaningOf } from './retry-policy.js'

/** Any error of the ports as the one that applications see. `about` names the file: `"a.mp4"`. */
export function toUploadError(error: unknown, about: string): UploadError {
  if (error instanceof UploadError) return error
  const { code, retryable } = meaningOf(error)
  if (code === 'file-changed') return fileChanged(about, error)
  const remedy = code === 'file-unreadable' ? ' Pick it again to go on.' : ''
  return uploadError(code, error, about, retryable, remedy)
}

/** `error` as one of `code`, in its own words and those of a remedy. */
export function uploadError(
  code: UploadErrorCode,
  error: unknown,
  about: string,
  retryable = false,
  remedy = '',
): UploadError {
  return new UploadError(code, `${about}: ${messageOf(error)}${remedy}`, {
    retryable,
    requestId: requestIdOf(error),
    cause: error,
  })
}

/** The file is not what it was when it was picked. */
export function fileChanged(about: string, cause?: unknown): UploadError {
  return new UploadError(
    'file-changed',
    `${about} was changed while it was uploaded. Pick it again: what is still the same is not sent again.`,
    { cause },
  )
}
