import { AnswerWatchdog } from './answer-watchdog.js'
import { OwnerKey } from './owner-key.js'
import type { OwnerMemory } from './owner-key.js'
import { aloneAcrossTabs, ownerMemory } from './owner-memory.js'
import { BackendError } from './upload-backend.js'
import type {
  BackendErrorCode,
  DuplicatesFound,
  ListQuery,
  OpenedUpload,
  RegisteredUpload,
  RenewedAccess,
  StoredPartInfo,
  UploadBackend,
  UploadPage,
} from './upload-backend.js'

export interface HttpBackendOptions {
  /**
   * Whether the owner's cookie goes along: `same-origin`, or `include` when the API is on another origin (which
   * must allow it: `Access-Control-Allow-Credentials`). Default: `include` when `url` names another origin.
   */
  readonly credentials?: 'same-origin' | 'include' | 'omit'
  /** Sent with every call, such as `authorization`; asked anew each time. Default: none. */
  readonly headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
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
    signal: AbortSignal,
    patience = timeout,
  ): Promise<unknown> {
    const watchdog = new AnswerWatchdog(patience)
    const onAbort = (): void => watchdog.abort()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      signal.throwIfAborted()
      const headers = {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(await options.headers?.()),
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
      return parseAnswer(response, await watchdog.textOf(response))
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof BackendError) throw error
      const what = watchdog.signal.aborted ? 'did not answer in time' : 'cannot be reached'
      throw new BackendError('network', `The server ${what} (${method} ${path}).`, { cause: error })
    } finally {
      watchdog.end()
      signal.removeEventListener('abort', onAbort)
    }
  }

  const upload = (id: string): string => `/uploads/${encodeURIComponent(id)}`
  // What comes back is the shape of docs/api.md by contract; here is the parser's edge.
  return {
    open: async (request, signal) => (await call('POST', '/uploads', request, signal)) as OpenedUpload,
    openUnlessDone: async (request, signal) =>
      (await call('POST', '/uploads', { ...request, unlessDone: true }, signal)) as
        OpenedUpload | DuplicatesFound,
    parts: async (id, signal) =>
      ((await call('GET', `${upload(id)}/parts`, undefined, signal)) as { parts: readonly StoredPartInfo[] })
        .parts,
    renewAccess: async (id, partNumbers, signal) =>
      (await call(
        'POST',
        `${upload(id)}/access`,
        partNumbers === undefined ? {} : { partNumbers },
        signal,
      )) as RenewedAccess,
    complete: async (id, claim, signal) =>
      uploadOf(await call('POST', `${upload(id)}/complete`, claim, signal, timeout + 60_000)),
    cancel: async (id, signal) => {
      await call('DELETE', upload(id), undefined, signal)
    },
    get: async (id, signal) => uploadOf(await call('GET', upload(id), undefined, signal)),
    list: async (query, signal) =>
      (await call('GET', `/uploads?${queryOf(query)}`, undefined, signal)) as UploadPage,
    batch: async (request, signal) => {
      const { opened, completed } = (await call('POST', '/uploads/batch', request, signal)) as BatchedAnswers
      return {
        opened: opened.map((answer) => refusalIn(answer) ?? (answer.body as OpenedUpload | DuplicatesFound)),
        completed: completed.map((answer) => refusalIn(answer) ?? uploadOf(answer.body)),
      }
    },
  }
}

/** What `POST /uploads/batch` answers. */
type BatchedAnswers = Readonly<Record<'opened' | 'completed', readonly BatchedAnswer[]>>
interface BatchedAnswer {
  readonly status: number
  readonly body: unknown
}

function refusalIn({ status, body }: BatchedAnswer): BackendError | null {
  return status >= 200 && status < 300 ? null : refusal(status, body)
}

function uploadOf(answer: unknown): RegisteredUpload {
  return (answer as { upload: RegisteredUpload }).upload
}

function queryOf({ state, limit, cursor }: ListQuery): string {
  const query = new URLSearchParams({ state })
  if (limit !== undefined) query.set('limit', String(limit))
  if (cursor !== undefined) query.set('cursor', cursor)
  return query.toString()
}

function isElsewhere(base: string): boolean {
  if (typeof location === 'undefined') return false
  return new URL(base, location.href).origin !== location.origin
}

/** The JSON of a 2xx answer; an answer that the server did not write (a proxy's page) is like none. */
function parseAnswer(response: Response, text: string): unknown {
  if (response.status === 204) return undefined
  const json = parseJson(text)
  if (response.ok && json !== undefined) return json
  throw refusal(response.status, json, Number(response.headers.get('retry-after') ?? Number.NaN))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const codes: ReadonlySet<string> = new Set<BackendErrorCode>([
  'invalid-request',
  'unauthorized',
  'forbidden-origin',
  'not-found',
  'too-large',
  'upload-gone',
  'already-done',
  'parts-mismatch',
  'checksum-mismatch',
  'store-unavailable',
  'store-denied',
  'store-full',
  'sts-unavailable',
  'too-many-requests',
  'internal',
])

/** `application/problem+json` (RFC 9457) as an error. @param retryAfter seconds */
function refusal(status: number, json: unknown, retryAfter = Number.NaN): BackendError {
  const problem = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  // Among others of a batch it stands in the body, for there is one header for all.
  const { code, detail, partNumbers, requestId, retryAfter: seconds = retryAfter } = problem
  return new BackendError(
    isCode(code) ? code : codeOfStatus(status),
    typeof detail === 'string' ? detail : `The server answered ${status}.`,
    {
      status,
      partNumbers: Array.isArray(partNumbers) ? partNumbers.filter((n) => typeof n === 'number') : [],
      retryAfter: typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1000 : undefined,
      requestId: typeof requestId === 'string' ? requestId : undefined,
    },
  )
}

function isCode(code: unknown): code is BackendErrorCode {
  return typeof code === 'string' && codes.has(code)
}

/** For an answer that is not a problem document: whoever wrote it stands between us and the server. */
function codeOfStatus(status: number): BackendErrorCode {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 404) return 'not-found'
  if (status === 413) return 'too-large'
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'invalid-request' : 'network'
}
