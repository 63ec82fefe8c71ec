import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { Caller, type ProblemBody } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest
let caller: Caller
beforeAll(async () => {
  api = await startApi({ maxBytes: 10 * 2 ** 20, allowedOrigins: ['https://app.example.com'] })
  caller = new Caller(api)
})
afterAll(async () => {
  await api.close()
})

const json = { 'content-type': 'application/json' }
const file = new SampleFile('bad requests')
const post = (body: BodyInit, headers: Record<string, string> = json, path = '/api/uploads') =>
  caller.send<ProblemBody & { problems?: { path: string }[]; maxBytes?: number }>(path, {
    method: 'POST',
    headers,
    body,
  })

describe('a request that makes no sense', () => {
  test.each([
    ['no JSON', '{"identity": '],
    ['nothing', ''],
    ['an array', '[]'],
    ['no text at all', '\u0000\uffff'],
  ])('%s', async (_, body) => {
    const answer = await post(body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request', type: 'about:blank' } })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  })

  test('every member at fault is named at once', async () => {
    const { body } = await post(JSON.stringify({ identity: 'a b', name: 7, size: -1, md5: 'x', partSize: 0 }))
    expect(body.problems?.map(({ path }) => path)).toEqual(['identity', 'name', 'size', 'md5', 'partSize'])
  })

  test.each([
    ['/api/uploads?state=all', 400, 'invalid-request'],
    ['/api/uploads?limit=201', 400, 'invalid-request'],
    ['/api/uploads?cursor=%00', 400, 'invalid-request'],
    ['/api/uploads/nothing', 404, 'not-found'],
    ['/api/uploads/%E0%A4%A', 404, 'not-found'],
    ['/api/nothing', 404, 'not-found'],
    ['/nothing', 404, 'not-found'],
    ['/sts', 404, 'not-found'],
  ])('GET %s', async (path, status, code) => {
    expect(await caller.get(path)).toMatchObject({ status, body: { code } })
  })

  test('another method', async () => {
    const answer = await caller.send('/api/uploads', { method: 'PUT', headers: json, body: '{}' })
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })

  test('part numbers that the upload does not have', async () => {
    const { id } = (await caller.open(file.request)).body.upload
    expect((await caller.post(`/api/uploads/${id}/access`, { partNumbers: [4] })).status).toBe(400)
  })
})

describe('too large', () => {
  test('a file over the limit', async () => {
    const answer = await caller.open({ ...file.request, size: 10 * 2 ** 20 + 1 })
    expect(answer).toMatchObject({ status: 413, body: { code: 'too-large', maxBytes: 10 * 2 ** 20 } })
  })

  test('a body over two MiB, announced or not', async () => {
    const large = 'x'.repeat(2 * 2 ** 20 + 1)
    expect(await post(large)).toMatchObject({ status: 413, body: { code: 'too-large' } })
    const stream = new Blob([large]).stream()
    const init = { method: 'POST', headers: json, body: stream, duplex: 'half' }
    expect(await caller.send('/api/uploads', init)).toMatchObject({ status: 413 })
  })

  test('a complete with ten thousand ETags is not', async () => {
    const etags = Array.from({ length: 10_000 }, () => `"${'a'.repeat(32)}"`)
    const { id } = (await caller.open(file.request)).body.upload
    expect((await caller.complete(id, { size: file.content.length, crc64: '1', etags })).status).toBe(400)
  })
})

describe('a foreign page', () => {
  const foreign = { origin: 'https://evil.example.com' }
  const allowed = { origin: 'https://app.example.com' }

  test('cannot send a form', async () => {
    const body = JSON.stringify(file.request)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
      expect((await post(body, headers)).status, type).toBe(400)
    }
  })

  test.each([['https://evil.example.com'], ['null'], ['http://127.0.0.1:1']])(
    'of origin %s is refused',
    async (origin) => {
      const answer = await post(JSON.stringify(file.request), { ...json, origin })
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden-origin' } })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(answer.headers.getSetCookie()).toEqual([])
    },
  )

  test('cannot cancel', async () => {
    const { id } = (await caller.open(file.request)).body.upload
    const answer = await caller.send(`/api/uploads/${id}`, { method: 'DELETE', headers: foreign })
    expect(answer.status).toBe(403)
  })

  test('gets no preflight, an allowed one does', async () => {
    const ask = (origin: Record<string, string>) =>
      caller.send('/api/uploads', {
        method: 'OPTIONS',
        headers: {
          ...origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
    expect((await ask(foreign)).headers.get('access-control-allow-origin')).toBeNull()
    const { headers } = await ask(allowed)
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(headers.get('access-control-allow-credentials')).toBe('true')
    expect(headers.get('access-control-allow-methods')).toContain('DELETE')
    expect(headers.get('access-control-allow-headers')).toContain('content-type')
  })

  test('that is allowed may read answers and problems', async () => {
    for (const path of ['/api/uploads', '/api/uploads/nothing']) {
      const { headers } = await caller.send(path, { headers: allowed })
      expect(headers.get('access-control-allow-origin'), path).toBe('https://app.example.com')
      expect(headers.get('vary'), path).toMatch(/origin/iu)
    }
  })

  test('of our own origin is at home', async () => {
    const answer = await post(JSON.stringify(file.request), { ...json, origin: api.url })
    expect(answer.status).toBe(200)
  })
})
