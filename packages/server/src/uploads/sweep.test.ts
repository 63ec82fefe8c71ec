import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TestFile } from '../testing/test-file.js'
import { hour, startTestServer, type TestServer } from '../testing/test-server.js'

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer()
})
afterEach(async () => {
  await setup.close()
})

const file = new TestFile(7, 100)
const multipartUploads = () => [...setup.store.multipartUploads.keys()]

/** As a client with credentials for the key can do on S3. */
const beginAnother = async (key: string) => (await setup.store.createMultipartUpload(key)).uploadId

describe('a sweep removes the multipart uploads that a page has begun under its key', () => {
  test('beside its own, which stays', async () => {
    const { upload } = (await setup.api.open(file.request)).body
    await beginAnother(upload.key)
    await beginAnother(upload.key)
    setup.advance(hour)
    expect(await setup.server.sweep()).toMatchObject({ orphans: 2, errors: 0 })
    expect(multipartUploads()).toEqual([upload.uploadId])
    await file.send(setup.store, upload, [1])
    expect((await setup.api.complete(upload.id, file.completeRequest)).body.upload.state).toBe('done')
  })

  test('when it is done, and leaves the object', async () => {
    const { upload } = (await setup.api.open(file.request)).body
    await file.send(setup.store, upload, [1])
    await setup.api.complete(upload.id, file.completeRequest)
    await beginAnother(upload.key)
    setup.advance(hour)
    expect(await setup.server.sweep()).toMatchObject({ orphans: 1, errors: 0 })
    expect(multipartUploads()).toEqual([])
    expect(setup.store.objects.get(upload.key)?.equals(file.content)).toBe(true)
  })

  test('but none that has just begun: a server may be about to record it', async () => {
    const { upload } = (await setup.api.open(file.request)).body
    const another = await beginAnother(upload.key)
    expect(await setup.server.sweep()).toMatchObject({ orphans: 0 })
    expect(multipartUploads()).toEqual([upload.uploadId, another])
  })
})

test('a sweep leaves the multipart upload of a row that does not know it yet', async () => {
  setup.store.loseAnswer('createMultipartUpload')
  expect((await setup.api.open(file.request)).status).toBe(503)
  const [begun] = multipartUploads()
  setup.advance(hour)
  expect(await setup.server.sweep()).toMatchObject({ orphans: 0, errors: 0 })
  expect((await setup.api.open(file.request)).body.upload.uploadId).toBe(begun)
})
