import { parseStoreError, StoreError } from '@carryon/object-store'
import { describeAnswer } from '../backend/refusal.js'
import { BackendError } from '../core/backend-error.js'
import { unexpectedAnswer } from '../core/retry-policy.js'
import type { GiveUpReason } from '../core/retry-policy.js'
import type { UploadBackend } from '../backend/upload-backend.js'
import type { PutAnswer } from '../ports.js'
import { uploadError } from '../core/upload-errors.js'
import type { UploadError } from '../upload-types.js'
import { retryAfterOf } from '../core/error-fields.js'

/** Whether the store accepted the part. A web page with a success status comes from a proxy or a captive portal. */
export function isTaken({ status, headers, body }: PutAnswer): boolean {
  return status >= 200 && status < 300 && (headers['etag'] !== undefined || !isPage(body))
}

/** The refusal in `answer`; its code is {@link unexpectedAnswer} when the answer did not come from the store. */
export function refusedBy({ status, headers, body }: PutAnswer, asked: string): StoreError {
  const error = parseStoreError(status, headers, body, asked)
  if (!isPage(body)) return error
  const answer = { status, type: headers['content-type'] ?? null, text: body }
  return new StoreError(`${asked}: not the store, but something in its place ${describeAnswer(answer)}`, {
    code: unexpectedAnswer,
    status,
    retryAfter: retryAfterOf(error),
  })
}

/** Whether the body is text other than a store's XML. An empty body may be a store's. */
function isPage(body: string): boolean {
  return body.trim() !== '' && !/<(?:Error|PostResponse)[\s>]/.test(body)
}

/** A failure of the store as the error that applications see. */
export function storeFailure(error: unknown, about: string): UploadError {
  const isStrange = error instanceof StoreError && error.code === unexpectedAnswer
  const code = isStrange
    ? 'unexpected-answer'
    : error instanceof StoreError && error.status !== 0
      ? 'store-unavailable'
      : 'network'
  return uploadError(code, error, about, true)
}

/** The error that applications see when a part was retried too often or for too long. */
export function givenUp(
  because: GiveUpReason,
  partNumber: number,
  error: unknown,
  about: string,
): UploadError {
  if (because === 'lasting') return storeFailure(error, about)
  if (because === 'refusals') return uploadError('store-denied', error, about, true)
  const circumstance = because === 'alone' ? 'the server answers' : 'others pass'
  return uploadError(
    'network',
    error,
    `${about}: part ${partNumber} fails again and again while ${circumstance}`,
    true,
    ' A proxy, a firewall or a virus scanner may reject its content; try another network.',
  )
}

/**
 * Asks the server for an upload to see whether it can be reached. A refusal counts as an answer, a proxy's page does
 * not.
 */
export async function serverAnswers(
  backend: UploadBackend,
  id: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await backend.get(id, signal)
    return true
  } catch (error) {
    signal.throwIfAborted()
    return error instanceof BackendError && error.status > 0 && error.code !== 'unexpected-answer'
  }
}

/** The host of a URL; the text itself if it is not a URL. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}
