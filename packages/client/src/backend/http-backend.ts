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
  isOpened,
  isOpenedOrFound,
  isPage,
  isParts,
  isRenewedAccess,
  isUpload,
} from './answer-shape.js'
import type { Guard } from './answer-shape.js'
import { ReadTimeout } from './read-timeout.js'
import { noAnswer } from './no-answer.js'
import { ownHeaders } from './own-headers.js'
import type { AskHeaders } from './own-headers.js'
import { OwnerKey } from './owner-key.js'
import type { OwnerMemory } from './owner-key.js'
import { aloneAcrossTabs, ownerMemory } from './owner-memory.js'
import { millisecondsOf, parseRefusal, refusal } from './refusal.js'
import { describeAnswer } from './unexpected-answer.js'
import type { UnexpectedAnswer } from './unexpected-answer.js'
import { BackendError } from '../core/backend-error.js'
import type { CompletedUpload, UploadBackend } from './upload-backend.js'

/** Options of {@link httpBackend}. */
export interface HttpBackendOptions {
  /**
   * Whether the owner's cookie goes along: `same-origin`, or `include` when the API is on another origin (which
   * must allow it: `Access-Control-Allow-Credentials`). Default: `include` when `url` names another origin.
   */
  readonly credentials?: 'same-origin' | 'include' | 'omit'
  /**
   * Sent with every call, such as `authorization`; asked anew each time. Should it fail, uploads wait, say why, and fail
   * after a minute of it. Default: none.
   */
  readonly headers?: AskHeaders
  /**
   * Milliseconds for which a call may go without a sign of an answer, its next bytes, before it is given up. Default:
   * 30 000; `complete` gets 60 000 more.
   */
  readonly timeout?: number
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /**
   * Keeps the key of an anonymous owner, for when the cookie is lost or there are none. Default: IndexedDB; where there
   * is none, until the page is left. Never used with a server that has an `authorize`.
   */
  readonly ownerMemory?: OwnerMemory
}

/**
 * The backend of docs/api.md.
 *
 * @param url base of the API without trailing slash, absolute or of this page: `/api`
 * @example createUploader({ backend: httpBackend('https://app.example.com/api', { headers: () => ({ authorization: token }) }) })
 */
export function httpBackend(url: string | URL, options: HttpBackendOptions = {}): UploadBackend {
  const base = String(url).replace(/\/+$/, '')
  const timeout = options.timeout ?? 30_000
  const credentials = options.credentials ?? (isElsewhere(base) ? 'include' : 'same-origin')
  const doFetch = options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args))
  const owner = new OwnerKey(options.ownerMemory ?? ownerMemory(base), aloneAcrossTabs(base))

  async function call(
    method: string,
    path: string,
    body: unknown,
    isExpected: Guard,
    signal: AbortSignal,
    patience = timeout,
  ): Promise<unknown> {
    const watchdog = new ReadTimeout(patience)
    const onAbort = (): void => watchdog.abort()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      signal.throwIfAborted()
      const headers = {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(await ownHeaders(options.headers, watchdog.signal)),
      }
      const send = (known: Readonly<Record<string, string>>): Promise<Response> =>
        doFetch(base + path, {
          method,
          credentials,
          cache: 'no-store',
          signal: watchdog.signal,
          headers: { ...known, ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      const response = await owner.send(send, watchdog.signal)
      return parseAnswer(response, await watchdog.textOf(response), isExpected)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof BackendError) throw error
      if (watchdog.signal.aborted) {
        const message = `The server did not answer in time (${method} ${path}).`
        throw new BackendError('network', message, { cause: error })
      }
      throw noAnswer(error, `${method} ${base}${path}`)
    } finally {
      watchdog.end()
      signal.removeEventListener('abort', onAbort)
    }
  }

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
      uploadOf(
        await call('POST', `${upload(id)}/complete`, completeRequest, isUpload, signal, timeout + 60_000),
      ),
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
  return isExpected(body) ? body : strange({ status, type: null, text: JSON.stringify(body) })
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

function isElsewhere(base: string): boolean {
  if (typeof location === 'undefined') return false
  return new URL(base, location.href).origin !== location.origin
}

/** The JSON of a 2xx answer, found to be as expected. An answer that the server did not write is named as such. */
function parseAnswer(response: Response, text: string, isExpected: Guard): unknown {
  const { status, headers, redirected, url } = response
  const json = parseJson(text)
  if (response.ok && (text === '' ? isExpected === isNothing : isExpected(json))) return json
  const type = headers.get('content-type')
  const answer = { status, type, text, redirectedTo: redirected ? url : undefined }
  const retryAfter = millisecondsOf(headers.get('retry-after'))
  throw (response.ok ? null : parseRefusal(answer, json, retryAfter)) ?? strange(answer, retryAfter)
}

function strange(answer: UnexpectedAnswer, retryAfter?: number): BackendError {
  const message = `Not the upload server, but something in its place ${describeAnswer(answer)}`
  return new BackendError('unexpected-answer', message, { status: answer.status, retryAfter })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Only an empty answer was written by the server. */
const isNothing: Guard = () => false
