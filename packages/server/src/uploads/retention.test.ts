import { afterEach, expect, test } from 'vitest'
import type { UploadPage } from '@carryon/protocol'
import { TestFile } from '../testing/test-file.js'
import { day, startTestServer, type TestServer } from '../testing/test-server.js'
import type { ServerOptions } from '../server-options.js'

let setup: TestServer
afterEach(() => setup.close())

async function finished(options: Partial<ServerOptions> = {}, file = new TestFile()) {
  setup = await startTestServer(options)
  return finish(file)
}

async function finish(file: TestFile) {
  const { upload } = (await setup.api.open(file.request)).body
  await file.send(setup.store, upload)
  await setup.api.complete(upload.id, file.completeRequest)
  return upload
}

const listed = async () =>
  (await setup.api.call<UploadPage>('GET', '/api/uploads?state=done')).body.uploads.map(({ id }) => id)

test('a finished file stays for ever where nothing else is said', async () => {
  const { key } = await finished()
  setup.advance(10_000 * day)
  expect(await setup.server.sweep()).toMatchObject({ retired: 0, errors: 0 })
  expect(setup.store.objects.has(key)).toBe(true)
})

test('it is removed after as many days as it is to be kept, and not before', async () => {
  const { id, key } = await finished({ retentionDays: 30 })
  setup.advance(30 * day - 1)
  expect(await setup.server.sweep()).toMatchObject({ retired: 0 })
  expect(await listed()).toEqual([id])
  setup.advance(1)
  expect(await setup.server.sweep()).toMatchObject({ retired: 1, errors: 0 })
  expect(setup.store.objects.has(key)).toBe(false)
  expect(await listed()).toEqual([])
  expect((await setup.api.call('GET', `/api/uploads/${id}/object`)).status).toBe(404)
  expect(await setup.server.sweep()).toMatchObject({ retired: 0, errors: 0 })
})

test('what is not finished, or was finished later, stays', async () => {
  await finished({ retentionDays: 3, expireDays: 300 })
  const open = (await setup.api.open(new TestFile(8).request)).body.upload
  setup.advance(2 * day)
  const later = await finish(new TestFile(9))
  setup.advance(1 * day)
  expect(await setup.server.sweep()).toMatchObject({ retired: 1 })
  expect(await listed()).toEqual([later.id])
  expect((await setup.api.call(`GET`, `/api/uploads/${open.id}`)).status).toBe(200)
})

test('a crash between record and store loses nothing: the record goes first, and the next sweep removes the object', async () => {
  const { key } = await finished({ retentionDays: 1 })
  setup.advance(day)
  // The deletion fails twice: on removal, and on cleanup in the same sweep.
  setup.store.loseAnswer('deleteObject', 'before', 2)
  expect(await setup.server.sweep()).toMatchObject({ retired: 0, errors: 2 })
  expect(await listed()).toEqual([])
  expect(setup.store.objects.has(key)).toBe(true)
  expect(await setup.server.sweep()).toMatchObject({ cleaned: 1, errors: 0 })
  expect(setup.store.objects.has(key)).toBe(false)
})

test('several servers that sweep at once remove it once', async () => {
  await finished({ retentionDays: 1 })
  const second = await setup.another()
  setup.advance(day)
  const reports = await Promise.all([setup.server.sweep(), second.sweep()])
  expect(reports.map(({ retired }) => retired).toSorted()).toEqual([0, 1])
})

test('what the application has not heard of waits until it has', async () => {
  let away = true
  const { key } = await finished({
    retentionDays: 1,
    onDone: () => {
      if (away) throw new Error('the application is away')
      return undefined
    },
  })
  setup.advance(day)
  await setup.server.sweep()
  expect(setup.store.objects.has(key)).toBe(true)
  away = false
  setup.advance(day)
  await setup.server.sweep()
  await setup.server.sweep()
  expect(setup.store.objects.has(key)).toBe(false)
})

test.each([0, -1, Number.NaN])('%s days are refused', (retentionDays) => {
  setup = { close: async () => undefined } as TestServer
  return expect(startTestServer({ retentionDays })).rejects.toThrow(/retentionDays must be greater than 0/u)
})
