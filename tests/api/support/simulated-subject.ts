import type {
  Answer,
  Grant,
  Members,
  StoreAnswer,
  Subject,
} from '../../../apps/carryon/src/conformance/contract/subject.js'
import { BackendError } from '../../../packages/client/src/core/backend-error.js'
import type { BatchRequest } from '../../../packages/client/src/backend/upload-backend.js'
import { SimServer } from '../../../packages/client/src/testing/sim-backend.js'
import { SimClock } from '../../../packages/client/src/testing/sim-clock.js'
import { SimStore } from '../../../packages/client/src/testing/sim-store.js'
import type { CompleteRequest, ListQuery, OpenBody } from '@carryon/protocol'

/** The simulated server of the client's tests, adapted to the backend contract. */
export function simulatedSubject(mode: 'credentials' | 'urls'): Subject {
  const clock = new SimClock()
  const store = new SimStore(() => clock.trueTime())
  const server = new SimServer(store, clock, {
    partSize: 100_000,
    grows: true,
    lifetime: 1800,
    largestSingle: 8 * 2 ** 20,
    mode,
    joinTime: 0,
  })
  return {
    hasOther: false,
    hasNobody: false,
    origin: null,
    async call(method, path, { body } = {}) {
      try {
        return answered(method, path, callOf(server, method, path, body))
      } catch (error) {
        if (!(error instanceof BackendError)) throw error
        return refused(error)
      }
    },
    async send(grant, partNumber, bytes) {
      return sent(store, grant, partNumber, bytes)
    },
    async read(url) {
      const bytes = store.objects.get(url.replace('sim://', ''))
      return { status: bytes === undefined ? 404 : 200, bytes: bytes ?? new Uint8Array() }
    },
  }
}

function callOf(server: SimServer, method: string, path: string, body: unknown): unknown {
  const { pathname, searchParams } = new URL(path, 'http://sim')
  const [, , id = '', action = ''] = pathname.split('/')
  const call = `${method} ${id === '' || id === 'batch' ? id : ':id'}${action === '' ? '' : `/${action}`}`
  if (pathname === '/limits') throw absent()
  if (call === 'POST ') {
    const request = body as OpenBody
    return request.unlessDone === true ? server.openUnlessDone(request) : server.open(request)
  }
  if (call === 'GET ') return server.list({ state: stateOf(searchParams) })
  if (call === 'POST batch') return batchOf(server, body as BatchRequest)
  if (call === 'GET :id') return { upload: server.get(id) }
  if (call === 'DELETE :id') {
    server.cancel(id)
    return
  }
  if (call === 'GET :id/parts') return { parts: server.parts(id) }
  if (call === 'POST :id/complete') return { upload: server.complete(id, body as CompleteRequest) }
  if (call === 'POST :id/access')
    return server.renewAccess(id, (body as { partNumbers?: readonly number[] }).partNumbers)
  throw absent()
}

function batchOf(server: SimServer, { open, complete }: BatchRequest): unknown {
  const { opened, completed } = server.batch({ open: open, complete })
  const one = (answer: unknown): unknown =>
    answer instanceof BackendError
      ? { status: answer.status, body: refused(answer).json }
      : { status: 200, body: answer }
  return {
    opened: opened.map(one),
    completed: completed.map((answer) => one(answer instanceof BackendError ? answer : { upload: answer })),
  }
}

function stateOf(query: URLSearchParams): NonNullable<ListQuery['state']> {
  return query.get('state') === 'done' ? 'done' : 'open'
}

function absent(): BackendError {
  return new BackendError('not-found', 'There is no such call.', { status: 404 })
}

/** Passes on the simulation's answer unchanged, with the text it would have as JSON over HTTP. */
function answered(method: string, path: string, result: unknown): Answer {
  const text = result === undefined ? '' : JSON.stringify(result)
  const json: unknown = result === undefined ? undefined : JSON.parse(text)
  const isNew = method === 'POST' && path === '/uploads' && (json as Members)['created'] === true
  return {
    status: result === undefined ? 204 : isNew ? 201 : 200,
    type: result === undefined ? '' : 'application/json',
    text,
    json,
  }
}

function refused({ code, status, message, partNumbers }: BackendError): Answer {
  const json = { code, status, detail: message, ...(partNumbers.length > 0 && { partNumbers }) }
  return { status, type: 'application/problem+json', text: JSON.stringify(json), json }
}

function sent(
  store: SimStore,
  { access, upload }: Grant,
  partNumber: number,
  bytes: Uint8Array,
): StoreAnswer {
  const { status, headers, body } = store.put(putOf(access, upload, partNumber, bytes))
  return {
    status,
    etag: headers['etag']?.replaceAll('"', '') ?? null,
    crc64: headers['x-cos-hash-crc64ecma'] ?? null,
    text: body,
  }
}

function putOf(access: Members, upload: Members, partNumber: number, bytes: Uint8Array) {
  if (access['mode'] === 'credentials') {
    const { sessionToken } = access['credentials'] as { readonly sessionToken: string }
    const path = `${String(upload['uploadId'])}/${partNumber}`
    return { path, token: sessionToken, contentMd5: undefined, isForm: false, bytes }
  }
  const urls = access['urls'] as Readonly<Record<string, string>> | undefined
  const url = new URL(urls?.[String(partNumber)] ?? String(access['url']))
  const headers = (access['headers'] ?? {}) as Readonly<Record<string, string>>
  return {
    path: url.pathname.slice(1),
    token: url.searchParams.get('token') ?? '',
    contentMd5: headers['content-md5'],
    isForm: false,
    bytes,
  }
}
