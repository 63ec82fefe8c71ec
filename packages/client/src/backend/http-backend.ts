import type {
  BatchedAnswer,
  BatchedAnswers,
  DuplicatesFound,
  LimitsAnswer,
  ListQuery,
  OpenedUpload,
  PartsAnswer,
  AccessAnswer,
  UploadAnswer,
  UploadPage,
} from '@carryon/protocol'
import {
  isBatch,
  isLimits,
  isNothing,
  isOpened,
  isOpenedOrFound,
  isPage,
  isParts,
  isRenewedAccess,
  isUpload,
} from './answer-shape.js'
import type { Guard } from './answer-shape.js'
import { apiCalls, strangeAnswer } from './api-calls.js'
import type { HttpBackendOptions } from './api-calls.js'
import { refusal } from './refusal.js'
import { BackendError } from '../core/backend-error.js'
import type { CompletedUpload, UploadBackend } from './upload-backend.js'

export type { HttpBackendOptions } from './api-calls.js'

/**
 * The backend of docs/api.md.
 *
 * @param url base of the API without trailing slash, absolute or of this page: `/api`
 * @example createUploader({ backend: httpBackend('https://app.example.com/api', { headers: () => ({ authorization: token }) }) })
 */
export function httpBackend(url: string | URL, options: HttpBackendOptions = {}): UploadBackend {
  const call = apiCalls(url, options)
  const upload = (id: string): string => `/uploads/${encodeURIComponent(id)}`
  // Each answer was found to be of the shape that it is taken for; here is the parser's edge.
  return {
    open: async (request, signal) =>
      (await call('POST', '/uploads', request, isOpened, signal)) as OpenedUpload,
    openUnlessDone: async (request, signal) =>
      (await call('POST', '/uploads', { ...request, unlessDone: true }, isOpenedOrFound, signal)) as
        OpenedUpload | DuplicatesFound,
    parts: async (id, signal) =>
      ((await call('GET', `${upload(id)}/parts`, undefined, isParts, signal)) as PartsAnswer).parts,
    renewAccess: async (id, partNumbers, signal, sizes) =>
      (await call(
        'POST',
        `${upload(id)}/access`,
        partNumbers === undefined ? {} : { partNumbers, sizes },
        isRenewedAccess,
        signal,
      )) as AccessAnswer,
    complete: async (id, completeRequest, signal) =>
      uploadOf(await call('POST', `${upload(id)}/complete`, completeRequest, isUpload, signal, 60_000)),
    cancel: async (id, signal) => {
      await call('DELETE', upload(id), undefined, isNothing, signal)
    },
    get: async (id, signal) => uploadOf(await call('GET', upload(id), undefined, isUpload, signal)),
    list: async (query, signal) =>
      (await call('GET', `/uploads?${queryOf(query)}`, undefined, isPage, signal)) as UploadPage,
    remove: async (id, signal) => {
      await call('DELETE', `${upload(id)}/object`, undefined, isNothing, signal)
    },
    rename: async (id, name, signal) => uploadOf(await call('PATCH', upload(id), { name }, isUpload, signal)),
    limits: async (signal) => (await call('GET', '/limits', undefined, isLimits, signal)) as LimitsAnswer,
    batch: async (request, signal) => {
      const answer = await call('POST', '/uploads/batch', request, isBatch, signal)
      const { opened, completed } = answer as BatchedAnswers
      return {
        opened: opened.map(
          (each) => itemOf(each, isOpenedOrFound) as OpenedUpload | DuplicatesFound | BackendError,
        ),
        completed: completed.map((each) => {
          const item = itemOf(each, isUpload)
          return item instanceof BackendError ? item : uploadOf(item)
        }),
      }
    },
  }
}

function itemOf({ status, body }: BatchedAnswer, isExpected: Guard): unknown {
  if (status < 200 || status > 299) return refusal(status, body)
  return isExpected(body) ? body : strangeAnswer({ status, type: null, text: JSON.stringify(body) })
}

function uploadOf(answer: unknown): CompletedUpload {
  const { upload, result } = answer as UploadAnswer
  return { ...upload, ...result }
}

function queryOf({ state, limit, cursor }: ListQuery): string {
  const query = new URLSearchParams(state === undefined ? {} : { state })
  if (limit !== undefined) query.set('limit', String(limit))
  if (cursor !== undefined) query.set('cursor', cursor)
  return query.toString()
}
