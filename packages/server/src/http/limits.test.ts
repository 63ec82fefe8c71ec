import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { ApiClient, type OpenedBody, type ProblemBody } from '../testing/api-client.js'
import { clientFrom, fileOf, statusesOf, times } from '../testing/callers.js'
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

describe('what one owner has open', () => {
  test('ends at the limit, however many opens come at once', async () => {
    const { api } = await start({ limits: { openPerOwner: 5 } })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => api.open(fileOf(number))))
    expect(statusesOf(answers)).toEqual([...times(5, 201), ...times(15, 429)])
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.headers.get('retry-after')).toBe('10')
    expect(refused?.body).toMatchObject({ code: 'too-many-requests', retryAfter: 10 })
    expect((refused?.body as unknown as ProblemBody).detail).toMatch(
      /at most 5 .* another is finished or cancelled/u,
    )
  })

  test('in a batch as well: as many as there is room for', async () => {
    const { api } = await start({ limits: { openPerOwner: 5 } })
    await api.open(fileOf(100))
    const open = Array.from({ length: 20 }, (_, number) => fileOf(number))
    const { body } = await api.call<{ opened: { status: number; body: Opened }[] }>(
      'POST',
      '/api/uploads/batch',
      { open },
    )
    expect(statusesOf(body.opened)).toEqual([...times(4, 201), ...times(16, 429)])
    expect(body.opened.at(-1)?.body.retryAfter).toBe(10)
  })

  test('leaves room again once one has ended, and never holds up one that is there', async () => {
    const { api } = await start({ limits: { openPerOwner: 1 } })
    const first = await api.open(fileOf(1))
    expect((await api.open(fileOf(2))).status).toBe(429)
    expect((await api.open(fileOf(1))).status).toBe(200)
    await api.call('DELETE', `/api/uploads/${first.body.upload.id}`)
    expect((await api.open(fileOf(2))).status).toBe(201)
  })

  test('counts across servers, and for each owner alone', async () => {
    const running = await start({ limits: { openPerOwner: 1 } })
    const { api, server } = running
    await api.open(fileOf(1))
    expect((await new ApiClient(await running.another()).open(fileOf(2))).status).toBe(429)
    expect((await new ApiClient(server, { 'x-owner': 'bert' }).open(fileOf(2))).status).toBe(201)
  })

  test('counts the bytes that were declared', async () => {
    const { api } = await start({ limits: { bytesPerOwner: 1_000 } })
    const answers = await Promise.all([1, 2, 3].map((number) => api.open(fileOf(number, 400))))
    expect(statusesOf(answers)).toEqual([201, 201, 429])
    expect((await api.open(fileOf(4, 200))).status).toBe(201)
    expect((await api.open(fileOf(5, 1))).status).toBe(429)
  })

  test('is limited for anonymous owners, and for others where it was asked for', async () => {
    const { api } = await start({})
    const open = async (count: number, client: ApiClient) =>
      statusesOf(await Promise.all(Array.from({ length: count }, (_, number) => client.open(fileOf(number)))))
    expect(await open(201, api)).toEqual(times(201, 201))
    await setup?.close()
    const { server } = await start({ authorize: undefined })
    const anonymous = new ApiClient(server)
    const key = (await anonymous.call('GET', '/api/uploads')).headers.get('carryon-owner') ?? ''
    const owner = new ApiClient(server, { 'carryon-owner': key })
    expect(await open(201, owner)).toEqual([...times(200, 201), 429])
  })
})

describe('what comes from one address', () => {
  test('ends at the limit, however many owners it makes', async () => {
    const running = await start({ limits: { openPerAddress: 3 } })
    const from = (address: string) => (owner: number) =>
      clientFrom(running, address, { 'x-owner': `${address} ${owner}` }).open(fileOf(owner))
    const answers = await Promise.all([1, 2, 3, 4, 5].map(from('192.0.2.1')))
    expect(statusesOf(answers)).toEqual([201, 201, 201, 429, 429])
    expect((await from('192.0.2.2')(1)).status).toBe(201)
    // One visitor has a whole /64.
    const v6 = await Promise.all([1, 2, 3, 4].map((number) => from(`2001:db8::${number}`)(number)))
    expect(statusesOf(v6)).toEqual([201, 201, 201, 429])
  })

  test('is the last one that a trusted proxy names, and no other', async () => {
    const header = (count: number) => ({ 'x-forwarded-for': `198.51.100.${count}, 203.0.113.9` })
    for (const trustForwarded of [true, false]) {
      const running = await start({ trustForwarded, limits: { openPerAddress: 1 } })
      const open = (count: number, socket: string) =>
        clientFrom(running, socket, header(count)).open(fileOf(count))
      expect((await open(1, '10.0.0.1')).status).toBe(201)
      expect((await open(2, '10.0.0.2')).status).toBe(trustForwarded ? 429 : 201)
      await running.close()
      setup = undefined
    }
  })

  test('is not written down', async () => {
    const running = await start({})
    await clientFrom(running, '192.0.2.77').open(fileOf(1))
    const files = await Promise.all(
      [running.file, `${running.file}-wal`].map((file) => readFile(file, 'latin1')),
    )
    expect(files.join('')).toContain('1.bin')
    expect(files.join('')).not.toContain('192.0.2.77')
  })
})
