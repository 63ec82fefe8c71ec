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

/** Whether the store took the part. A page with a status of success is a proxy's, or that of a network to sign in to. */
export function isTaken({ status, headers, body }: PutAnswer): boolean {
  return status >= 200 && status < 300 && (headers['etag'] !== undefined || !isPage(body))
}

/** The refusal that `answer` stands for; code {@link unexpectedAnswer} when the store did not write it. */
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

/** Text that is not the XML of a store's refusal. A refusal without any body may be a store's. */
function isPage(body: string): boolean {
  return body.trim() !== '' && !/<(?:Error|PostResponse)[\s>]/.test(body)
}

/** Trouble with the store in the words of the page. */
export function storeFailure(error: unknown, about: string): UploadError {
  const isStrange = error instanceof StoreError && error.code === unexpectedAnswer
  const code = isStrange
    ? 'unexpected-answer'
    : error instanceof StoreError && error.status !== 0
      ? 'store-unavailable'
      : 'network'
  return uploadError(code, error, about, true)
}

/** What was tried too often or too long, in the words of the page. */
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

/** Whether the server can be reached now, asked for an upload. A refusal is an answer, a proxy's page is none. */
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

/** Of a URL; the URL itself where it is none. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}
