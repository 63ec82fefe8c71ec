import { afterEach, expect, test } from 'vitest'
import type { LimitsAnswer, UploadPage } from '@carryon/protocol'
import { ApiClient, type ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { ServerOptions } from '../server-options.js'

let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})

const file = new TestFile()

async function finished(options: Partial<ServerOptions> = {}) {
  const running = (setup = await startTestServer(options))
  const { upload } = (await running.api.open(file.request)).body
  await file.send(running.store, upload)
  await running.api.complete(upload.id, file.completeRequest)
  return { ...running, id: upload.id, key: upload.key }
}

const listed = async ({ api }: Pick<TestServer, 'api'>) =>
  (await api.call<UploadPage>('GET', '/api/uploads?state=done')).body.uploads.map(({ name }) => name)

test('removing a finished upload removes its object, its place in the list and in the total, and is safe to repeat', async () => {
  const running = await finished()
  const { api, id, key, store } = running
  const used = async () => (await api.call<LimitsAnswer>('GET', '/api/limits')).body.used.totalBytes
  expect(await used()).toBe(file.request.size)
  for (let times = 0; times < 2; times++) {
    expect((await api.call('DELETE', `/api/uploads/${id}/object`)).status).toBe(204)
  }
  expect(store.objects.has(key)).toBe(false)
  expect(await listed(running)).toEqual([])
  expect(await used()).toBe(0)
  expect((await api.call('GET', `/api/uploads/${id}/object`)).status).toBe(404)
  // The same file may be uploaded again.
  expect((await api.open(file.request)).status).toBe(201)
})

test('a cancel that comes late removes nothing', async () => {
  const running = await finished()
  const late = await running.api.call<ProblemBody>('DELETE', `/api/uploads/${running.id}`)
  expect([late.status, late.body.code]).toEqual([409, 'already-done'])
  expect(running.store.objects.has(running.key)).toBe(true)
  expect(await listed(running)).toHaveLength(1)
})

test('only what is finished is removed or renamed, and only by its owner', async () => {
  const running = await finished()
  const stranger = new ApiClient(running.server, { 'x-owner': 'bea' })
  const open = (await running.api.open(new TestFile(9).request)).body.upload
  for (const [api, id] of [
    [stranger, running.id],
    [running.api, open.id],
  ] as const) {
    expect((await api.call('DELETE', `/api/uploads/${id}/object`)).status).toBe(404)
    expect((await api.call('PATCH', `/api/uploads/${id}`, { name: 'mine.bin' })).status).toBe(404)
  }
  expect(running.store.objects.has(running.key)).toBe(true)
})

test('a new name is that of the list and of downloads', async () => {
  const running = await finished()
  const { api, id } = running
  const { status, body } = await api.call<{ upload: { name: string } }>('PATCH', `/api/uploads/${id}`, {
    name: '假期.mp4',
  })
  expect([status, body.upload.name]).toEqual([200, '假期.mp4'])
  expect(await listed(running)).toEqual(['假期.mp4'])
  const object = await running.server.fetch(new Request(`http://app.test/api/uploads/${id}/object`))
  const query = new URL(object.headers.get('location') ?? '').searchParams
  expect(decodeURIComponent(query.get('response-content-disposition') ?? '')).toContain('假期.mp4')
  for (const name of ['', 'x'.repeat(2_000)]) {
    expect((await api.call('PATCH', `/api/uploads/${id}`, { name })).status).toBe(400)
  }
})

test('what onDone has not heard of is not removed yet', async () => {
  const running = await finished({
    onDone: () => {
      throw new Error('the application is away')
    },
  })
  const refused = await running.api.call<ProblemBody>('DELETE', `/api/uploads/${running.id}/object`)
  expect([refused.status, refused.body.code]).toEqual([409, 'forbidden'])
  expect(running.store.objects.has(running.key)).toBe(true)
})
