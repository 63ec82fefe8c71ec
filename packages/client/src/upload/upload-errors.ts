import { StoreError } from '@carryon/object-store'
import { TransportError } from '../ports.js'
import { UploadGone } from './run-context.js'
import { BackendError } from '../core/backend-error.js'
import type { BackendErrorCode } from '../core/backend-error.js'
import { UploadError } from '../upload-types.js'
import type { UploadErrorCode } from '../upload-types.js'

/** What a refusal by the server means for the upload, what to do about it, and whether `resume()` may help. */
const ofBackendCode: Readonly<
  Record<BackendErrorCode, { readonly code: UploadErrorCode; readonly retryable: boolean }>
> = {
  'invalid-request': { code: 'invalid-request', retryable: false },
  unauthorized: { code: 'unauthorized', retryable: true },
  forbidden: { code: 'forbidden', retryable: true },
  'forbidden-origin': { code: 'forbidden-origin', retryable: false },
  'not-found': { code: 'upload-gone', retryable: true },
  'too-large': { code: 'file-too-large', retryable: false },
  'upload-gone': { code: 'upload-gone', retryable: true },
  'already-done': { code: 'upload-gone', retryable: true },
  'parts-mismatch': { code: 'checksum-mismatch', retryable: true },
  'checksum-mismatch': { code: 'checksum-mismatch', retryable: true },
  'store-unavailable': { code: 'store-unavailable', retryable: true },
  'store-denied': { code: 'store-denied', retryable: false },
  'store-full': { code: 'store-full', retryable: true },
  'sts-unavailable': { code: 'store-unavailable', retryable: true },
  misdirected: { code: 'forbidden-origin', retryable: false },
  internal: { code: 'server-error', retryable: true },
  'too-many-requests': { code: 'server-error', retryable: true },
  insecure: { code: 'insecure-connection', retryable: true },
  'unexpected-answer': { code: 'unexpected-answer', retryable: true },
  'headers-failed': { code: 'internal', retryable: true },
  'page-error': { code: 'internal', retryable: false },
  network: { code: 'network', retryable: true },
}

/** The same of what came instead of an answer. */
export const ofReason: Readonly<
  Record<TransportError['reason'], { readonly code: UploadErrorCode; readonly retryable: boolean }>
> = {
  network: { code: 'network', retryable: true },
  stalled: { code: 'network', retryable: true },
  'source-changed': { code: 'file-changed', retryable: false },
  'source-unreadable': { code: 'file-unreadable', retryable: false },
  unsupported: { code: 'unsupported-browser', retryable: false },
  outdated: { code: 'page-outdated', retryable: true },
  internal: { code: 'internal', retryable: true },
}

/** Any error of the ports as the one that applications see. `about` names the file: `"a.mp4"`. */
export function toUploadError(error: unknown, about: string): UploadError {
  if (error instanceof UploadError) return error
  if (error instanceof BackendError) {
    const { code, retryable } = ofBackendCode[error.code]
    return new UploadError(code, `${about}: ${error.message}`, {
      retryable,
      requestId: error.requestId,
      cause: error,
    })
  }
  if (error instanceof UploadGone) {
    return new UploadError('upload-gone', `${about}: ${error.message}`, { retryable: true, cause: error })
  }
  if (error instanceof TransportError) return ofTransport(error, about)
  if (error instanceof StoreError) return ofStore('internal', error, about)
  return new UploadError('internal', `${about}: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  })
}

/** A store's refusal that ends the upload as `code`. */
export function ofStore(
  code: UploadErrorCode,
  error: StoreError,
  about: string,
  retryable = false,
): UploadError {
  return new UploadError(code, `${about}: ${error.message}`, {
    retryable,
    requestId: error.requestId,
    cause: error,
  })
}

function ofTransport(error: TransportError, about: string): UploadError {
  if (error.reason === 'source-changed') return fileChanged(about, error)
  const { code, retryable } = ofReason[error.reason]
  const remedy = code === 'file-unreadable' ? ' Pick it again to go on.' : ''
  return new UploadError(code, `${about}: ${error.message}${remedy}`, { retryable, cause: error })
}

/** The file is not what it was when it was picked. */
export function fileChanged(about: string, cause?: unknown): UploadError {
  return new UploadError(
    'file-changed',
    `${about} was changed while it was uploaded. Pick it again: what is still the same is not sent again.`,
    { cause },
  )
}
