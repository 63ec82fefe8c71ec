import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { httpBackend } from './http-backend.js'
import { openedUpload, registeredUpload } from '../testing/registered-upload.js'
import type { OwnerMemory } from './owner-key.js'
import { BackendError, isOver } from '../core/backend-error.js'
import { toUploadError } from '../core/upload-errors.js'

const { signal } = new AbortController()

/** A backend whose server gives one answer, and records the requests. */
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
    Response.json({ upload: registeredUpload({ id: 'a/b' }), uploads: [], next: null, parts: [] }),
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
  [200, '<html>Welcome to the hotel</html>', 'unexpected-answer'],
  [200, '{"code":401,"message":"sign in"}', 'unexpected-answer'],
  [200, '', 'unexpected-answer'],
  ...[400, 404, 405, 409, 413, 421, 425, 499, 500, 502, 504, 520].map(
    (status) => [status, '<html><title>No</title>nginx</html>', 'unexpected-answer'] as const,
  ),
  [404, '', 'unexpected-answer'],
  [400, '{"code":"something of a proxy"}', 'unexpected-answer'],
  [429, 'slow down', 'too-many-requests'],
  [401, '', 'unauthorized'],
  [403, 'no', 'unauthorized'],
] as const)('an answer %i %j that the server did not write is %s', async (status, body, code) => {
  const { backend } = answering(() => new Response(body, { status }))
  for (const ask of [
    () => backend.get('a', signal),
    () => backend.list({ state: 'open' }, signal),
    () => backend.parts('a', signal),
    () => backend.cancel('a', signal),
  ]) {
    const isFine = status === 200 && body === '' && ask.toString().includes('cancel')
    if (!isFine) await expect(ask()).rejects.toMatchObject({ name: 'BackendError', code, status })
  }
})

test('what answered in the place of the server is named: status, media type, first words', async () => {
  const page =
    '<!doctype html><style>a{}</style><script>x()</script><h1>404  Not\n Found</h1><p>nginx</p>' +
    'a'.repeat(500)
  const { backend } = answering(
    () => new Response(page, { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } }),
  )
  const error: unknown = await backend.get('a', signal).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(BackendError)
  expect(String(error)).toContain('answered 404 (text/html): "404 Not Found nginx')
  expect(String(error).length).toBeLessThan(250)
})

test('a redirect that made a question of another kind is named', async () => {
  const { backend } = answering(() => {
    const response = Response.json({ uploads: [], next: null })
    Object.defineProperties(response, {
      redirected: { value: true },
      url: { value: 'https://www.app.test/api/uploads' },
    })
    return response
  })
  const open = backend.open({ identity: 'i', name: 'n', size: 1, type: '' }, signal)
  await expect(open).rejects.toThrow('after a redirect to https://www.app.test/api/uploads')
})

describe('an open', () => {
  const asked = { identity: 'i', name: 'n', size: 1, type: '' }
  const opening = (answer: unknown): Promise<unknown> =>
    answering(() => Response.json(answer)).backend.open(asked, signal)

  test('of the shape of docs/api.md passes as it is', async () => {
    expect(await opening(openedUpload())).toEqual(openedUpload())
  })

  test.each([
    ['nothing', {}],
    ['no upload', { ...openedUpload(), upload: null }],
    ['an upload without id', { ...openedUpload(), upload: registeredUpload({ id: '' }) }],
    ['a size that is none', openedUpload({ size: -1 })],
    ['no permission', { ...openedUpload(), access: {} }],
    [
      'a permission that ends never',
      { ...openedUpload(), access: { ...openedUpload().access, expiresAt: 'x' } },
    ],
    ['no time', { ...openedUpload(), serverTime: null }],
    ['parts that are none', { ...openedUpload(), parts: [{ partNumber: 0, size: 1, etag: 'e' }] }],
    ['duplicates that nobody asked for', { duplicates: [], serverTime: 1 }],
  ])('that answers %s was not answered by the server', async (_, answer) => {
    await expect(opening(answer)).rejects.toMatchObject({ code: 'unexpected-answer' })
  })
})

test.each([
  ['misdirected', 421, 'misdirected', 'forbidden-origin', false],
  // A refusal of `authorize` has the status that it throws.
  ['forbidden', 403, 'forbidden', 'forbidden', true],
  ['forbidden', 402, 'forbidden', 'forbidden', true],
  ['forbidden', 404, 'forbidden', 'forbidden', true],
  ['forbidden', 410, 'forbidden', 'forbidden', true],
  // No upload, or a newer server's code.
  ['link-expired', 410, 'upload-gone', 'upload-gone', true],
  ['evaporated', 410, 'upload-gone', 'upload-gone', true],
  ['unheard-of', 418, 'invalid-request', 'invalid-request', false],
] as const)('a refusal %s of status %d is told as it is', async (said, status, code, told, retryable) => {
  const { backend } = answering(() => problem(status, { code: said, detail: 'Not here.' }))
  const error: unknown = await backend.get('a', signal).catch((error: unknown) => error)
  expect(error).toMatchObject({ code, message: 'Not here.' })
  // A caller without access to an upload must not take the refusal for a successful cancel.
  expect(isOver(error)).toBe(code === 'upload-gone')
  expect(toUploadError(error, '"a.mp4"')).toMatchObject({ code: told, retryable })
})

test.each([
  ['7', 7_000],
  ['2592000', 2_592_000_000],
  ['-1', undefined],
  ['soon', undefined],
])('a wait of %j is understood', async (retryAfter, milliseconds) => {
  const { backend } = answering(() => problem(429, { code: 'x' }, { 'retry-after': retryAfter }))
  await expect(backend.get('a', signal)).rejects.toMatchObject({
    code: 'too-many-requests',
    retryAfter: milliseconds,
  })
})

test('a wait until a time is understood', async () => {
  const until = new Date(Date.now() + 90_000).toUTCString()
  const { backend } = answering(() => problem(503, { code: 'internal' }, { 'retry-after': until }))
  const { retryAfter } = (await backend.get('a', signal).catch((error: unknown) => error)) as BackendError
  expect(retryAfter).toBeGreaterThan(60_000)
  expect(retryAfter).toBeLessThanOrEqual(90_000)
})

const nodeError = (code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(`what is wrong: ${code}`), { code }) })

test.each([
  [new TypeError('Failed to fetch'), 'network'],
  [nodeError('ECONNREFUSED'), 'network'],
  [nodeError('EAI_AGAIN'), 'network'],
  [nodeError('ENOTFOUND'), 'network'],
  [nodeError('CERT_HAS_EXPIRED'), 'insecure'],
  [nodeError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'insecure'],
  [nodeError('ERR_TLS_CERT_ALTNAME_INVALID'), 'insecure'],
  [nodeError('ERR_SSL_WRONG_VERSION_NUMBER'), 'insecure'],
  [nodeError('ERR_INVALID_URL'), 'page-error'],
])('no answer for %s is told as what it is', async (failure, code) => {
  const { backend } = answering(() => Promise.reject(failure))
  const error: unknown = await backend.get('a', signal).catch((error: unknown) => error)
  expect(error).toMatchObject({ code, status: 0 })
  const { cause } = failure
  expect(String(error)).toContain(cause instanceof Error ? cause.message : failure.message)
  expect(String(error)).toContain('https://app.test/api/uploads/a')
})

test.each([
  [
    'throws',
    () => {
      throw new TypeError('no session')
    },
    'headers-failed',
    'no session',
  ],
  ['rejects', () => Promise.reject(new Error('no token')), 'headers-failed', 'no token'],
  ['gives what HTTP cannot carry', () => ({ 'x-name': '张三' }), 'page-error', '"x-name"'],
  ['gives two lines', () => ({ 'x-name': 'a\nb' }), 'page-error', '"x-name"'],
] as const)('a headers function that %s is no matter of the network', async (_, headers, code, words) => {
  const backend = httpBackend('https://app.test/api', {
    headers,
    fetch: () => Promise.reject(new Error('It is not asked.')),
  })
  const error: unknown = await backend.get('a', signal).catch((error: unknown) => error)
  expect(error).toMatchObject({ code })
  expect(String(error)).toContain(words)
  expect(String(error)).not.toContain('张三')
})

test('an aborted call rejects with the reason', async () => {
  const controller = new AbortController()
  controller.abort(new Error('Paused.'))
  const { backend } = answering(() => Response.json({}))
  await expect(backend.get('a', controller.signal)).rejects.toThrow('Paused.')
})

/** A server that identifies owners by key only, and answers on command. */
function namingOwners(memory: OwnerMemory) {
  const arrived: { owner: string | null; answer: (response?: Response) => void }[] = []
  const backend = httpBackend('https://app.test/api', {
    ownerMemory: memory,
    fetch: (_url, init) =>
      new Promise((resolve) => {
        const owner = new Headers(init?.headers).get('carryon-owner')
        const headers = owner === null ? { 'carryon-owner': `owner-${arrived.length}` } : undefined
        const welcome = Response.json(
          { upload: registeredUpload() },
          headers === undefined ? {} : { headers },
        )
        arrived.push({ owner, answer: (response = welcome) => resolve(response) })
      }),
  })
  return { backend, arrived }
}

function remembering(key: string | null): OwnerMemory & { readonly key: () => string | null } {
  let kept = key
  return {
    get: async () => kept,
    set: async (next) => {
      kept = next
    },
    key: () => kept,
  }
}

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

test('first requests at once are of one owner: one goes ahead, the others are its', async () => {
  const memory = remembering(null)
  const { backend, arrived } = namingOwners(memory)
  const calls = ['a', 'b', 'c'].map((id) => backend.get(id, signal))
  await breath()
  expect(arrived).toHaveLength(1)
  arrived[0]?.answer()
  await breath()
  expect(arrived.map(({ owner }) => owner)).toEqual([null, 'owner-0', 'owner-0'])
  expect(memory.key()).toBe('owner-0')
  for (const { answer } of arrived) answer()
  await Promise.all(calls)
})

test('who was told before who it is says so, and waits for nobody', async () => {
  const { backend, arrived } = namingOwners(remembering('owner-7'))
  const calls = ['a', 'b'].map((id) => backend.get(id, signal))
  await breath()
  expect(arrived.map(({ owner }) => owner)).toEqual(['owner-7', 'owner-7'])
  for (const { answer } of arrived) answer()
  await Promise.all(calls)
})

test('a first request that fails lets the next go ahead, alone', async () => {
  const { backend, arrived } = namingOwners(remembering(null))
  const calls = ['a', 'b', 'c'].map((id) => backend.get(id, signal))
  await breath()
  arrived[0]?.answer(new Response('Bad Gateway', { status: 502 }))
  await expect(calls[0]).rejects.toMatchObject({ code: 'unexpected-answer' })
  await breath()
  expect(arrived).toHaveLength(2)
  arrived[1]?.answer()
  await breath()
  arrived[2]?.answer()
  await Promise.all(calls.slice(1))
  expect(arrived.map(({ owner }) => owner)).toEqual([null, null, 'owner-1'])
})

test('waiting for the first request ends when the call is aborted', async () => {
  const { backend, arrived } = namingOwners(remembering(null))
  const first = backend.get('a', signal)
  const controller = new AbortController()
  const second = backend.get('b', controller.signal)
  await breath()
  controller.abort(new Error('Paused.'))
  await expect(second).rejects.toThrow('Paused.')
  arrived[0]?.answer()
  await first
})

test('a memory that fails makes nobody wait, and the key is known until the page is left', async () => {
  const broken = { get: () => Promise.reject(new Error('no')), set: () => Promise.reject(new Error('no')) }
  const { backend, arrived } = namingOwners(broken)
  const first = backend.get('a', signal)
  await breath()
  arrived[0]?.answer()
  await first
  const second = backend.get('b', signal)
  await breath()
  arrived[1]?.answer()
  await second
  expect(arrived[1]?.owner).toBe('owner-0')
})

test('a batch is one call, and each answer stands for itself', async () => {
  const { backend, asked } = answering(() =>
    Response.json({
      opened: [
        { status: 201, body: openedUpload() },
        { status: 201, body: { code: 401 } },
      ],
      completed: [
        { status: 409, body: { code: 'parts-mismatch', detail: 'Send it again.', partNumbers: [1] } },
        { status: 200, body: { upload: registeredUpload({ id: 'c' }) } },
      ],
    }),
  )
  const open = [{ identity: 'i', name: 'n', size: 1, type: '', md5: 'm' }]
  const complete = ['b', 'c'].map((id) => ({ id, size: 1 }))
  const { opened, completed } = (await backend.batch?.({ open, complete }, signal)) ?? {}
  expect(asked).toMatchObject([
    { method: 'POST', url: 'https://app.test/api/uploads/batch', body: { open, complete } },
  ])
  expect(opened?.[0]).toEqual(openedUpload())
  expect(opened?.[1]).toMatchObject({ code: 'unexpected-answer' })
  expect(completed?.[0]).toBeInstanceOf(BackendError)
  expect(completed?.[0]).toMatchObject({ code: 'parts-mismatch', status: 409, partNumbers: [1] })
  expect(completed?.[1]).toEqual(registeredUpload({ id: 'c' }))
})

/** A backend with a read timeout of one second, whose answer comes in `pieces`, one every `gap` milliseconds, and then ends if it `ends`. */
function trickling(pieces: readonly string[], gap: number, ends: boolean) {
  return httpBackend('https://app.test/api', {
    timeout: 1000,
    fetch: async (_url, init) => {
      const left = [...pieces]
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          init?.signal?.addEventListener('abort', () => controller.error(new DOMException('', 'AbortError')))
        },
        pull: async (controller) => {
          const piece = left.shift()
          if (piece === undefined) {
            if (ends) controller.close()
            else await new Promise(() => undefined)
            return
          }
          await new Promise((resolve) => setTimeout(resolve, gap))
          controller.enqueue(new TextEncoder().encode(piece))
        },
      })
      return new Response(body)
    },
  })
}

describe('an answer on a slow line', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('takes as long as it takes while some of it comes', async () => {
    const parts = trickling(
      ['{"par', 'ts":', '[{"partNumber":1,"size":2,', '"etag":"ä"', '}]}'],
      900,
      true,
    ).parts('a', signal)
    await vi.advanceTimersByTimeAsync(900 * 5)
    expect(await parts).toEqual([{ partNumber: 1, size: 2, etag: 'ä' }])
  })

  test('is given up when nothing more of it comes', async () => {
    const parts = trickling(['{"par'], 900, false).parts('a', signal)
    const outcome = expect(parts).rejects.toMatchObject({
      code: 'network',
      status: 0,
      message: 'The server did not answer in time (GET /uploads/a/parts).',
    })
    await vi.advanceTimersByTimeAsync(900 + 1000)
    await outcome
  })
})

describe('a headers function that never answers', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const backend = httpBackend('https://app.test/api', {
    timeout: 1000,
    headers: () => new Promise(() => undefined),
    fetch: () => Promise.reject(new Error('It is not asked.')),
  })

  test('is told as the page’s own fault', async () => {
    const outcome = expect(backend.get('a', signal)).rejects.toMatchObject({
      code: 'headers-failed',
      message: expect.stringContaining('did not answer in time') as unknown,
    })
    await vi.advanceTimersByTimeAsync(1000)
    await outcome
  })

  test('holds up no pause', async () => {
    const controller = new AbortController()
    const outcome = expect(backend.get('a', controller.signal)).rejects.toThrow('Paused.')
    controller.abort(new Error('Paused.'))
    await vi.advanceTimersByTimeAsync(0)
    await outcome
  })
})
