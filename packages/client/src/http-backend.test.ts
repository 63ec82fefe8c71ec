import { expect, test } from 'vitest'
import { httpBackend } from './http-backend.js'

const { signal } = new AbortController()

/** A backend whose server gives one answer, and what was asked of it. */
function answering(answer: () => Response | Promise<Response>, timeout = 1000) {
  const asked: { url: string; method: string | undefined; body: unknown; headers: Headers }[] = []
  const backend = httpBackend('https://app.test/api/', {
    timeout,
    headers: () => ({ authorization: 'Bearer 1' }),
    fetch: async (url, init) => {
      asked.push({
        url: url instanceof Request ? url.url : String(url),
        method: init?.method,
        body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
        headers: new Headers(init?.headers),
      })
      init?.signal?.throwIfAborted()
      return answer()
    },
  })
  return { backend, asked }
}

const problem = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  })

test('asks as docs/api.md says', async () => {
  const { backend, asked } = answering(() =>
    Response.json({ upload: { id: 'a/b' }, uploads: [], next: null, parts: [] }),
  )
  await backend.complete('a/b', { size: 1, crc64: '2' }, signal)
  await backend.list({ state: 'open', limit: 20, cursor: 'c d' }, signal)
  await backend.parts('a', signal)
  expect(asked.map(({ method, url }) => `${method ?? ''} ${url}`)).toEqual([
    'POST https://app.test/api/uploads/a%2Fb/complete',
    'GET https://app.test/api/uploads?state=open&limit=20&cursor=c+d',
    'GET https://app.test/api/uploads/a/parts',
  ])
  expect(asked[0]?.body).toEqual({ size: 1, crc64: '2' })
  expect(asked[0]?.headers.get('content-type')).toBe('application/json')
  expect(asked[0]?.headers.get('authorization')).toBe('Bearer 1')
})

test('cancel has no answer to read', async () => {
  const { backend } = answering(() => new Response(null, { status: 204 }))
  await expect(backend.cancel('a', signal)).resolves.toBeUndefined()
})

test('a problem document keeps its code, detail, parts and ids', async () => {
  const { backend } = answering(() =>
    problem(
      409,
      { code: 'parts-mismatch', detail: 'Send 3 again.', partNumbers: [3], requestId: 'r' },
      { 'retry-after': '7' },
    ),
  )
  await expect(backend.get('a', signal)).rejects.toMatchObject({
    code: 'parts-mismatch',
    message: 'Send 3 again.',
    status: 409,
    partNumbers: [3],
    requestId: 'r',
    retryAfter: 7000,
  })
})

test.each([
  [200, '<html>Welcome to the hotel</html>', 'network'],
  [502, 'Bad Gateway', 'network'],
  [504, '', 'network'],
  [429, 'slow down', 'network'],
  [401, '', 'unauthorized'],
  [403, 'no', 'unauthorized'],
  [404, 'no', 'not-found'],
  [413, 'too much', 'too-large'],
  [400, '{"code":"something of a proxy"}', 'invalid-request'],
])('an answer %i %j that the server did not write is %s', async (status, body, code) => {
  const { backend } = answering(() => new Response(body, { status }))
  await expect(backend.get('a', signal)).rejects.toMatchObject({ name: 'BackendError', code })
})

test('no answer is a matter of the network', async () => {
  const { backend } = answering(() => Promise.reject(new TypeError('Failed to fetch')))
  await expect(backend.get('a', signal)).rejects.toMatchObject({ code: 'network', status: 0 })
})

test('an aborted call rejects with the reason', async () => {
  const controller = new AbortController()
  controller.abort(new Error('Paused.'))
  const { backend } = answering(() => Response.json({}))
  await expect(backend.get('a', controller.signal)).rejects.toThrow('Paused.')
})
