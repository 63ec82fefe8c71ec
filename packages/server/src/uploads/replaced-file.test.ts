import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { UploadView } from './upload-view.js'

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer()
})
afterEach(async () => {
  await setup.close()
})

const before = new TestFile(7, 100)
const grown = new TestFile(7, 150)
const edited = { ...before.request, identity: '1:100:edited' }

const begin = async (): Promise<UploadView> => {
  const { upload } = (await setup.api.open(before.request)).body
  await before.send(setup.store, upload, [1])
  return upload
}
/** Continues the upload for another version of the file after the server listed the parts and before its next step. */
const redeclareMeanwhile = (request: object, continues: string) =>
  setup.store.meanwhile('listParts', () => setup.api.open({ ...request, continues }))
const show = async ({ id }: UploadView) =>
  (await setup.api.call<{ upload: UploadView }>('GET', `/api/uploads/${id}`)).body.upload

describe('an upload that becomes that of another state of its file', () => {
  test('while it is completed: the request for the earlier version is refused, and nothing is lost', async () => {
    const upload = await begin()
    redeclareMeanwhile(grown.request, upload.id)
    const refused = await setup.api.complete(upload.id, before.completeRequest)
    expect(refused).toMatchObject({ status: 410, body: { code: 'upload-gone' } })
    expect(await show(upload)).toMatchObject({ state: 'open', size: grown.size, identity: grown.identity })
    await grown.send(setup.store, upload, [1])
    expect((await setup.api.complete(upload.id, grown.completeRequest)).body.upload.state).toBe('done')
    expect(setup.store.objects.get(upload.key)?.equals(grown.content)).toBe(true)
  })

  test('of the same size, while it is completed: it is not finished under the other fingerprint', async () => {
    const upload = await begin()
    redeclareMeanwhile(edited, upload.id)
    const refused = await setup.api.complete(upload.id, before.completeRequest)
    expect(refused).toMatchObject({ status: 410, body: { code: 'upload-gone' } })
    expect(await show(upload)).toMatchObject({ state: 'open', identity: edited.identity })
    expect(setup.store.objects.size).toBe(0)
  })

  test('while a request for the earlier version is checked: a request for the new version waits, and counts', async () => {
    const upload = await begin()
    let completed: ReturnType<typeof setup.api.complete> | undefined
    setup.store.meanwhile('listParts', async () => {
      await setup.api.open({ ...grown.request, continues: upload.id })
      await grown.send(setup.store, upload, [1])
      completed = setup.api.complete(upload.id, grown.completeRequest)
    })
    expect((await setup.api.complete(upload.id, before.completeRequest)).status).toBe(410)
    expect(await completed).toMatchObject({ status: 200, body: { upload: { state: 'done' } } })
    expect(setup.store.objects.get(upload.key)?.equals(grown.content)).toBe(true)
  })

  test('while a sweep measures its parts: it is judged by what it is now', async () => {
    const small = new TestFile(7, 40)
    const { upload } = (await setup.api.open(small.request)).body
    await before.send(setup.store, upload, [1])
    redeclareMeanwhile(before.request, upload.id)
    expect(await setup.server.sweep()).toMatchObject({ oversize: 0, errors: 0 })
    expect((await setup.api.complete(upload.id, before.completeRequest)).body.upload.state).toBe('done')
  })
})
