import { TransportError } from '../ports.js'
import { UploadError } from '../upload-types.js'
import type { UploadErrorCode } from '../upload-types.js'
import { BackendError } from './backend-error.js'
import type { BackendErrorCode } from './backend-error.js'
import { messageOf, requestIdOf } from './error-fields.js'

/** What an error means for the upload that it ends, and whether `resume()` may help. */
interface Meaning {
  readonly code: UploadErrorCode
  readonly retryable: boolean
}

const final = (code: UploadErrorCode): Meaning => ({ code, retryable: false })
const retryable = (code: UploadErrorCode): Meaning => ({ code, retryable: true })

const ofCallCode: Readonly<Record<BackendErrorCode, Meaning>> = {
  'invalid-request': final('invalid-request'),
  unauthorized: retryable('unauthorized'),
  forbidden: retryable('forbidden'),
  'forbidden-origin': final('forbidden-origin'),
  'not-found': retryable('upload-gone'),
  'too-large': final('file-too-large'),
  'upload-gone': retryable('upload-gone'),
  'already-done': retryable('upload-gone'),
  'parts-mismatch': retryable('checksum-mismatch'),
  'checksum-mismatch': retryable('checksum-mismatch'),
  'store-unavailable': retryable('store-unavailable'),
  'store-denied': final('store-denied'),
  'store-full': retryable('store-full'),
  'sts-unavailable': retryable('store-unavailable'),
  misdirected: final('forbidden-origin'),
  internal: retryable('server-error'),
  'too-many-requests': retryable('server-error'),
  insecure: retryable('insecure-connection'),
  'unexpected-answer': retryable('unexpected-answer'),
  'headers-failed': retryable('internal'),
  'page-error': final('internal'),
  network: retryable('network'),
}

/** What came instead of an answer. */
const ofReason: Readonly<Record<TransportError['reason'], Meaning>> = {
  network: retryable('network'),
  stalled: retryable('network'),
  'source-changed': final('file-changed'),
  'source-unreadable': final('file-unreadable'),
  unsupported: final('unsupported-browser'),
  outdated: retryable('page-outdated'),
  internal: retryable('internal'),
}

/** What a store's refusal means the retry policy says. */
export function meaningOf(error: unknown): Meaning {
  if (error instanceof BackendError) return ofCallCode[error.code]
  return error instanceof TransportError ? ofReason[error.reason] : final('internal')
}

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
    `${about} has changed since it was picked. Pick it again to go on.`,
    { cause },
  )
}

/** A file in the words of a message: `"a.mp4"`. */
export function aboutFile({ name }: { readonly name: string }): string {
  return `"${name}"`
}
