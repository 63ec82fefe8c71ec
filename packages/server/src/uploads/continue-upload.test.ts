import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ApiClient } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { UploadView } from './upload-view.js'

const MiB = 2 ** 20

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer()
})
afterEach(async () => {
  await setup.close()
})

const before = new TestFile(7, 2 * MiB)
const grown = new TestFile(7, 3 * MiB + 9)
const numbers = (of: TestFile) => of.parts.map((_, index) => index + 1)

const openUploads = async () => {
  const { body } = await setup.api.call<{ uploads: UploadView[] }>('GET', '/api/uploads')
  return body.uploads.map(({ id, size }) => [id, size])
}

describe('an open that continues an upload of an earlier state of its file', () => {
  test('keeps its multipart upload and its parts, and leaves one row', async () => {
    const first = (await setup.api.open(before.request)).body.upload
    await before.send(setup.store, first)
    const { status, body } = await setup.api.open({ ...grown.request, continues: first.id })
    expect(status).toBe(200)
    expect(body.upload).toMatchObject({
      id: first.id,
      uploadId: first.uploadId,
      identity: grown.identity,
      size: grown.size,
      partCount: 4,
    })
    expect(body.parts.map(({ partNumber }) => partNumber)).toEqual([1, 2])
    expect(await openUploads()).toEqual([[first.id, grown.size]])
    await grown.send(setup.store, body.upload, [3, 4])
    expect((await setup.api.complete(first.id, grown.completeRequest)).body.upload.state).toBe('done')
    expect(setup.store.objects.get(first.key)?.equals(grown.content)).toBe(true)
  })

  test('shrunk, it is continued as long as each stored part has a number', async () => {
    const first = (await setup.api.open(grown.request)).body.upload
    await grown.send(setup.store, first, [1, 2])
    const smaller = await setup.api.open({ ...before.request, continues: first.id })
    expect(smaller.body.upload).toMatchObject({ id: first.id, partCount: 2 })
    expect((await setup.api.complete(first.id, before.completeRequest)).body.upload.state).toBe('done')
    expect(setup.store.objects.get(first.key)?.equals(before.content)).toBe(true)
  })

  test('shrunk below what is stored, it gets an upload of its own', async () => {
    const first = (await setup.api.open(grown.request)).body.upload
    await grown.send(setup.store, first, numbers(grown))
    const { status, body } = await setup.api.open({ ...before.request, continues: first.id })
    expect([status, body.upload.id === first.id]).toEqual([201, false])
    expect((await openUploads()).length).toBe(2)
  })

  test('shrunk to less than half of what is stored, it gets an upload of its own', async () => {
    const first = (await setup.api.open(grown.request)).body.upload
    await grown.send(setup.store, first, [1])
    const small = new TestFile(7, 400_000)
    const { status, body } = await setup.api.open({ ...small.request, continues: first.id })
    expect([status, body.upload.id === first.id]).toEqual([201, false])
    await small.send(setup.store, body.upload, [1])
    expect((await setup.api.complete(body.upload.id, small.completeRequest)).body.upload.state).toBe('done')
  })

  test.each(['another owner', 'a cancelled one', 'an unknown one'])('never takes %s', async (whose) => {
    const first = (await setup.api.open(before.request)).body.upload
    await before.send(setup.store, first, [1])
    if (whose === 'a cancelled one') await setup.api.call('DELETE', `/api/uploads/${first.id}`)
    const owner = whose === 'another owner' ? 'bert' : 'anna'
    const continues = whose === 'an unknown one' ? 'nothing' : first.id
    const api = new ApiClient(setup.server, { 'x-owner': owner })
    const { status, body } = await api.open({ ...grown.request, continues })
    expect([status, body.upload.id === first.id]).toEqual([201, false])
  })

  test('where the new state has an open upload already, that one is answered', async () => {
    const old = (await setup.api.open(before.request)).body.upload
    await before.send(setup.store, old)
    const begun = (await setup.api.open(grown.request)).body.upload
    const { body } = await setup.api.open({ ...grown.request, continues: old.id })
    expect(body.upload.id).toBe(begun.id)
    expect((await openUploads()).length).toBe(2)
  })

  test('asked often at once, it is one upload', async () => {
    const first = (await setup.api.open(before.request)).body.upload
    await before.send(setup.store, first)
    const servers = [setup.server, await setup.another()]
    const opens = Array.from({ length: 20 }, (_, index) =>
      new ApiClient(servers[index % 2] ?? setup.server).open({ ...grown.request, continues: first.id }),
    )
    const answers = await Promise.all(opens)
    expect(new Set(answers.map(({ body }) => body.upload.id))).toEqual(new Set([first.id]))
  })
})
