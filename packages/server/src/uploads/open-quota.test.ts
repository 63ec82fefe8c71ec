import { afterEach, describe, expect, test } from 'vitest'
import { ApiClient, type ProblemBody } from '../testing/api-client.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { ServerOptions } from '../server-options.js'

let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})
const start = async (limits: ServerOptions['limits']): Promise<TestServer> =>
  (setup = await startTestServer({ ...(limits && { limits }) }))

const fileOf = (identity: string, size: number) => ({ identity, name: 'a.bin', size, type: '' })

/** A caller at the given address. */
function clientOf({ server }: TestServer, owner: string, remoteAddress = '192.0.2.1') {
  const env = { incoming: { socket: { remoteAddress } } }
  return new ApiClient({ fetch: (request) => server.fetch(request, env) }, { 'x-owner': owner })
}

/** An open upload with one part of 40 bytes. */
async function begin(running: TestServer, api: ApiClient, identity: string, size: number) {
  const { upload } = (await api.open(fileOf(identity, size))).body
  const part = { key: upload.key, uploadId: upload.uploadId ?? '', partNumber: 1 }
  await running.store.uploadPart(part, new Uint8Array(40))
  return upload
}

const refusedOpen = (api: ApiClient, request: object) =>
  api.call<ProblemBody>('POST', '/api/uploads', request)

describe('an upload that goes on as that of a larger file', () => {
  test.each(['owner', 'address'] as const)('keeps to the bytes of its %s', async (whose) => {
    const running = await start(whose === 'owner' ? { bytesPerOwner: 1_000 } : { bytesPerAddress: 1_000 })
    const api = clientOf(running, 'anna')
    await clientOf(running, whose === 'owner' ? 'anna' : 'bert').open(fileOf('other', 300))
    const { id } = await begin(running, api, 'small', 100)
    const elsewhere = clientOf(running, 'anna', '192.0.2.2')
    for (const client of [api, elsewhere]) {
      const refused = await refusedOpen(client, { ...fileOf('large', 701), continues: id })
      expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests', retryAfter: 10 } })
    }
    expect((await api.call('GET', `/api/uploads/${id}`)).body).toMatchObject({ upload: { size: 100 } })
    const { status, body } = await api.open({ ...fileOf('large', 700), continues: id })
    expect([status, body.upload.id, body.upload.size]).toEqual([200, id, 700])
  })

  test('keeps to them when many do at once', async () => {
    const running = await start({ bytesPerOwner: 1_000 })
    const { api } = running
    const uploads = [await begin(running, api, 'a', 100), await begin(running, api, 'b', 100)]
    const answers = await Promise.all(
      uploads.map(({ id, identity }) => api.open({ ...fileOf(`${identity}2`, 600), continues: id })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429])
  })

  test('is no further upload', async () => {
    const running = await start({ openPerOwner: 1 })
    const { id } = await begin(running, running.api, 'a', 100)
    const { status, body } = await running.api.open({ ...fileOf('b', 200), continues: id })
    expect([status, body.upload.id]).toEqual([200, id])
  })

  test('shrinks whatever the limits', async () => {
    const running = await start({})
    const { id } = await begin(running, running.api, 'a', 100)
    const strict = new ApiClient(await running.another({ limits: { bytesPerOwner: 50, openPerOwner: 1 } }))
    const { status, body } = await strict.open({ ...fileOf('b', 60), continues: id })
    expect([status, body.upload.id]).toEqual([200, id])
  })
})

describe('a file that is larger than the limit of bytes', () => {
  test.each([
    ['owner', 'LIMIT_BYTES_PER_OWNER', { bytesPerOwner: 1_000 }],
    ['address', 'LIMIT_BYTES_PER_ADDRESS', { bytesPerAddress: 1_000 }],
  ] as const)('of its %s can never begin, and is told so', async (_, name, limits) => {
    const running = await start(limits)
    const api = clientOf(running, 'anna')
    const refused = await refusedOpen(api, fileOf('large', 1_001))
    expect(refused).toMatchObject({ status: 413, body: { code: 'too-large', maxBytes: 1_000 } })
    expect(refused.body.detail).toContain(name)
    const { id } = await begin(running, api, 'small', 100)
    const continued = await refusedOpen(api, { ...fileOf('large', 1_001), continues: id })
    expect(continued).toMatchObject({ status: 413, body: { code: 'too-large', maxBytes: 1_000 } })
    expect((await api.open(fileOf('fits', 900))).status).toBe(201)
  })
})
