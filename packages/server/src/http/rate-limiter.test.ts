import { afterEach, describe, expect, test } from 'vitest'
import { ApiClient, type OpenedBody, type ProblemBody } from '../testing/api-client.js'
import { clientFrom, fileOf, statusesOf, times } from '../testing/callers.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { ServerOptions } from '../server-options.js'

let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})
const start = async (options: Partial<ServerOptions>): Promise<TestServer> =>
  (setup = await startTestServer(options))

type Opened = OpenedBody & ProblemBody & { readonly retryAfter?: number }
const partsOf = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

describe('opens per minute', () => {
  test('end at the limit, of an owner and of five owners at one address', async () => {
    const running = await start({ limits: { opensPerMinute: 3 } })
    const open = (owner: string) => clientFrom(running, '192.0.2.1', { 'x-owner': owner }).open(fileOf(1))
    const first = await Promise.all(times(5, 'anna').map(open))
    expect(statusesOf(first)).toEqual([200, 200, 201, 429, 429])
    const retryAfter = Number(first.find(({ status }) => status === 429)?.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThanOrEqual(1)
    expect(retryAfter).toBeLessThanOrEqual(60)
    const others = await Promise.all(Array.from({ length: 20 }, (_, number) => open(`owner ${number}`)))
    expect(statusesOf(others)).toEqual([...times(10, 201), ...times(10, 429)])
  })
})

describe('other calls per minute', () => {
  const codes = async (answers: readonly Promise<{ readonly status: number }>[]) =>
    statusesOf(await Promise.all(answers))

  test('complete, access and parts end at four for each open that is allowed, of an owner and an address', async () => {
    const running = await start({ limits: { opensPerMinute: 2 } })
    const { upload } = (await running.api.open(new TestFile(1).request)).body
    const ask = (owner: string) => {
      const client = clientFrom(running, '192.0.2.1', { 'x-owner': owner })
      const path = `/api/uploads/${upload.id}`
      return [
        client.call<null>('POST', `${path}/access`, {}),
        client.call<null>('GET', `${path}/parts`),
        client.complete(upload.id, { size: 1 }),
      ]
    }
    const first = await Promise.all(times(4, 'anna').flatMap(ask))
    expect(first.filter(({ status }) => status === 429)).toHaveLength(4)
    expect(Number(first.find(({ status }) => status === 429)?.headers.get('retry-after'))).toBeGreaterThan(0)
    // The address has 28 calls left; none of these owners has the upload.
    const others = Array.from({ length: 12 }, (_, number) => `owner ${number}`).flatMap(ask)
    expect(await codes(others)).toEqual([...times(28, 404), ...times(8, 429)])
  })

  test('batches end at so many members, completes as well as opens', async () => {
    const { api } = await start({ limits: { opensPerMinute: 30 } })
    const complete = Array.from({ length: 50 }, (_, number) => ({ id: `none${number}`, size: 1 }))
    const batches = Array.from({ length: 25 }, () => api.call('POST', '/api/uploads/batch', { complete }))
    expect(await codes(batches)).toEqual([...times(24, 200), 429])
    // An empty batch only determines the owner.
    expect((await api.call('POST', '/api/uploads/batch', {})).status).toBe(200)
  })

  test('signed part URLs end at as many', async () => {
    const { api } = await start({ limits: { opensPerMinute: 30 } })
    const { upload } = (await api.open({ ...new TestFile(1).request, size: 2_000 * 2 ** 20 })).body
    const partNumbers = partsOf(1, 100)
    const asked = Array.from({ length: 13 }, () =>
      api.call('POST', `/api/uploads/${upload.id}/access`, { partNumbers }),
    )
    expect(await codes(asked)).toEqual([...times(12, 200), 429])
  })

  test('GET /sts counts among them', async () => {
    const issued = {
      credentials: { accessKeyId: 'i', secretAccessKey: 'k', sessionToken: 't' },
      startsAt: 0,
      expiresAt: 1_800,
    }
    const { api } = await start({
      sts: { issue: () => Promise.resolve(issued) },
      stsAllowPrefix: 'own',
      limits: { opensPerMinute: 1 },
    })
    expect(await codes(Array.from({ length: 6 }, () => api.call('GET', '/sts')))).toEqual([
      ...times(4, 200),
      ...times(2, 429),
    ])
  })
})

test('an upload of ten thousand parts by signed URLs goes through in a minute', async () => {
  const { server } = await start({ authorize: undefined })
  const env = { incoming: { socket: { remoteAddress: '192.0.2.1' } } }
  const fetch = (request: Request) => server.fetch(request, env)
  const key = (await new ApiClient({ fetch }).call('GET', '/api/uploads')).headers.get('carryon-owner') ?? ''
  const page = new ApiClient({ fetch }, { 'carryon-owner': key })
  const partSize = 8 * 2 ** 20
  const size = 10_000 * partSize
  const { upload } = (await page.open({ ...new TestFile(1).request, size, partSize })).body
  expect(upload.partCount).toBe(10_000)
  let signed = 0
  for (let first = 1; first <= 10_000; first += 40) {
    const partNumbers = partsOf(first, 40)
    const { body } = await page.call<{ access: { urls: Record<string, string> } }>(
      'POST',
      `/api/uploads/${upload.id}/access`,
      { partNumbers },
    )
    signed += Object.keys(body.access.urls).length
  }
  expect(signed).toBe(10_000)
  expect((await page.call('GET', `/api/uploads/${upload.id}/parts`)).status).toBe(200)
  const etags = partsOf(1, 10_000).map(() => 'f'.repeat(32))
  expect((await page.complete(upload.id, { size, etags, crc64: '1' })).status).toBe(409)
}, 120_000)

test('ten thousand photos that are picked at once go through, in batches', async () => {
  const { server, store } = await start({ authorize: undefined })
  const env = { incoming: { socket: { remoteAddress: '192.0.2.1' } } }
  const fetch = (request: Request) => server.fetch(request, env)
  const key = (await new ApiClient({ fetch }).call('GET', '/api/uploads')).headers.get('carryon-owner') ?? ''
  const page = new ApiClient({ fetch }, { 'carryon-owner': key })
  const content = new TestFile(1, 4)
  const { crc64 } = content.completeRequest
  let done = 0
  let sent: { id: string; size: number; crc64: string }[] = []
  for (let first = 0; first <= 10_000; first += 50) {
    const count = first < 10_000 ? 50 : 0
    const open = Array.from({ length: count }, (_, index) => fileOf(first + index, 4))
    const { body } = await page.call<{
      opened: { status: number; body: Opened }[]
      completed: { status: number }[]
    }>('POST', '/api/uploads/batch', { open, complete: sent })
    expect(statusesOf(body.opened)).toEqual(times(count, 201))
    done += body.completed.filter(({ status }) => status === 200).length
    sent = []
    for (const { body: opened } of body.opened) {
      await store.putObject(opened.upload.key, content.content)
      sent.push({ id: opened.upload.id, size: 4, crc64 })
    }
  }
  expect(done).toBe(10_000)
}, 600_000)
