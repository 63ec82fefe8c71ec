import { parseStoreError, StoreError } from '@carryon/object-store'
import { serviceGivenUpAfter, strangerGivenUpAfter } from '../backend/backend-call.js'
import { describeAnswer, mayPass } from '../backend/unexpected-answer.js'
import { BackendError } from '../core/backend-error.js'
import type { UploadBackend } from '../backend/upload-backend.js'
import type { PutAnswer } from '../ports.js'
import { UploadError } from '../upload-types.js'
import { messageOf, requestIdOf, retryAfterOf } from './error-fields.js'

/** A code of our own, for what something in the store's place has answered. */
export const unexpectedAnswer = 'UnexpectedAnswer'

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

/** Milliseconds for which a service that answers `error` is asked again. */
export function givesUpAfter(error: unknown): number {
  const isFinal = error instanceof StoreError && error.code === unexpectedAnswer && !mayPass(error.status)
  return isFinal ? strangerGivenUpAfter : serviceGivenUpAfter
}

/** Trouble with the store in the words of the page. */
export function storeFailure(error: unknown, about: string): UploadError {
  const isStrange = error instanceof StoreError && error.code === unexpectedAnswer
  const code = isStrange
    ? 'unexpected-answer'
    : error instanceof StoreError && error.status !== 0
      ? 'store-unavailable'
      : 'network'
  return new UploadError(code, `${about}: ${messageOf(error)}`, {
    retryable: true,
    requestId: requestIdOf(error),
    cause: error,
  })
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
