import { TransportError } from '../ports.js'
import { UploadError } from '../upload-types.js'
import type { UploadErrorCode } from '../upload-types.js'
import { BackendError } from './backend-error.js'
import type { BackendErrorCode } from './backend-error.js'
import { messageOf, requestIdOf } from './error-fields.js'

/** The code that applications get for an error, and whether `resume()` may help. */
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

/** Meanings of a `TransportError`, by its reason. */
const ofReason: Readonly<Record<TransportError['reason'], Meaning>> = {
  network: retryable('network'),
  stalled: retryable('network'),
  'source-changed': final('file-changed'),
  'source-unreadable': final('file-unreadable'),
  unsupported: final('unsupported-browser'),
  outdated: retryable('page-outdated'),
  internal: retryable('internal'),
}

/** The meaning of an error other than a store's refusal, which the retry policy interprets. */
export function meaningOf(error: unknown): Meaning {
  if (error instanceof BackendError) return ofCallCode[error.code]
  return error instanceof TransportError ? ofReason[error.reason] : final('internal')
}

/** Converts an error of the ports to the one that applications see. `about` names the file: `"a.mp4"`. */
export function toUploadError(error: unknown, about: string): UploadError {
  if (error instanceof UploadError) return error
  const { code, retryable } = meaningOf(error)
  if (code === 'file-changed') return fileChanged(about, error)
  const remedy = code === 'file-unreadable' ? ' Pick it again to go on.' : ''
  return uploadError(code, error, about, retryable, remedy)
}

/** Converts `error` to an `UploadError` with `code`, with its own message and a remedy. */
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

/** The error for a file that has changed since it was picked. */
export function fileChanged(about: string, cause?: unknown): UploadError {
  return new UploadError(
    'file-changed',
    `${about} has changed since it was picked. Pick it again to go on.`,
    { cause },
  )
}

/** The file's name for a message: `"a.mp4"`. */
export function aboutFile({ name }: { readonly name: string }): string {
  return `"${name}"`
}
