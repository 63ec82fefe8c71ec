import type { BatchedAnswer, ListQuery, UploadAnswer } from '@carryon/protocol'
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
import { apiCalls } from './api-calls.js'
import type { HttpBackendOptions } from './api-calls.js'
import { refusal, strangeAnswer } from './refusal.js'
import { BackendError } from '../core/backend-error.js'
import type { CompletedUpload, UploadBackend } from './upload-backend.js'

export type { HttpBackendOptions } from './api-calls.js'

/**
 * A backend for the HTTP API of docs/api.md.
 *
 * @param url base of the API without trailing slash, absolute or of this page: `/api`
 * @example createUploader({ backend: httpBackend('https://app.example.com/api', { headers: () => ({ authorization: token }) }) })
 */
export function httpBackend(url: string | URL, options: HttpBackendOptions = {}): UploadBackend {
  const call = apiCalls(url, options)
  const upload = (id: string): string => `/uploads/${encodeURIComponent(id)}`
  return {
    open: (request, signal) => call('POST', '/uploads', request, isOpened, signal),
    openUnlessDone: (request, signal) =>
      call('POST', '/uploads', { ...request, unlessDone: true }, isOpenedOrFound, signal),
    parts: async (id, signal) => (await call('GET', `${upload(id)}/parts`, undefined, isParts, signal)).parts,
    renewAccess: (id, partNumbers, signal, sizes) => {
      const wanted = partNumbers === undefined ? {} : { partNumbers, sizes }
      return call('POST', `${upload(id)}/access`, wanted, isRenewedAccess, signal)
    },
    complete: async (id, completeRequest, signal) =>
      uploadOf(await call('POST', `${upload(id)}/complete`, completeRequest, isUpload, signal, 60_000)),
    cancel: (id, signal) => call('DELETE', upload(id), undefined, isNothing, signal),
    get: async (id, signal) => uploadOf(await call('GET', upload(id), undefined, isUpload, signal)),
    list: (query, signal) => call('GET', `/uploads?${queryOf(query)}`, undefined, isPage, signal),
    remove: (id, signal) => call('DELETE', `${upload(id)}/object`, undefined, isNothing, signal),
    rename: async (id, name, signal) => uploadOf(await call('PATCH', upload(id), { name }, isUpload, signal)),
    limits: (signal) => call('GET', '/limits', undefined, isLimits, signal),
    batch: async (request, signal) => {
      const { opened, completed } = await call('POST', '/uploads/batch', request, isBatch, signal)
      return {
        opened: opened.map((each) => itemOf(each, isOpenedOrFound)),
        completed: completed.map((each) => {
          const item = itemOf(each, isUpload)
          return item instanceof BackendError ? item : uploadOf(item)
        }),
      }
    },
  }
}

function itemOf<T>({ status, body }: BatchedAnswer, isExpected: Guard<T>): T | BackendError {
  if (status < 200 || status > 299) return refusal(status, body)
  return isExpected(body) ? body : strangeAnswer({ status, type: null, text: JSON.stringify(body) })
}

function uploadOf({ upload, result }: UploadAnswer): CompletedUpload {
  return { ...upload, ...result }
}

function queryOf({ state, limit, cursor }: ListQuery): string {
  const query = new URLSearchParams(state === undefined ? {} : { state })
  if (limit !== undefined) query.set('limit', String(limit))
  if (cursor !== undefined) query.set('cursor', cursor)
  return query.toString()
}
