import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { digestOfEtags } from './complete-request.js'
import type { UploadView } from './upload-view.js'

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer()
  setup.store.showsCrc64 = false
})
afterEach(async () => {
  await setup.close()
})

const file = new TestFile(7, 100)
const other = new TestFile(9, 100)

const begin = async (sent = file): Promise<UploadView> => {
  const { upload } = (await setup.api.open(file.request)).body
  await sent.send(setup.store, upload, [1])
  return upload
}
const complete = (upload: UploadView, request: unknown) =>
  setup.api.call<{ upload: UploadView } & ProblemBody>('POST', `/api/uploads/${upload.id}/complete`, request)
const withoutEtags = { ...file.completeRequest, etags: [''] }

describe('where the store does not tell the CRC-64 of the object', () => {
  test('a finished upload answers the request that it was finished with, and no other', async () => {
    const upload = await begin()
    const { size, crc64, etags } = file.completeRequest
    expect((await complete(upload, file.completeRequest)).status).toBe(200)
    expect((await complete(upload, file.completeRequest)).status).toBe(200)
    expect((await complete(upload, { size, etags })).status).toBe(200)
    expect((await complete(upload, { size, crc64, etags: [''] })).status).toBe(200)
    const others = {
      'other content': other.completeRequest,
      'another CRC-64': { ...file.completeRequest, crc64: '1' },
      'other ETags': { size, crc64, etags: other.completeRequest.etags },
      'other ETags alone': { size, etags: other.completeRequest.etags },
      'no ETags': { size },
      'an ETag left out, and no CRC-64': { size, etags: [''] },
    }
    for (const [what, request] of Object.entries(others)) {
      expect(await complete(upload, request), what).toMatchObject({
        status: 410,
        body: { code: 'upload-gone' },
      })
    }
  })

  test('a request that omits ETags is verified by nothing, and refused', async () => {
    const upload = await begin(other)
    const refused = await complete(upload, withoutEtags)
    expect(refused).toMatchObject({ status: 409, body: { code: 'checksum-mismatch' } })
    expect(setup.store.objects.size).toBe(0)
  })

  test('nor does it count when another server finishes it', async () => {
    const upload = await begin(other)
    setup.store.loseAnswer('headObject', 'before')
    expect((await complete(upload, withoutEtags)).status).toBe(503)
    const next = await setup.another()
    expect(await next.sweep()).toMatchObject({ completed: 0, errors: 0 })
    expect(setup.store.objects.size).toBe(0)
  })
})

test('where it does, a request that omits ETags is finished by another server', async () => {
  setup.store.showsCrc64 = true
  const upload = await begin()
  setup.store.loseAnswer('headObject', 'before')
  expect((await complete(upload, withoutEtags)).status).toBe(503)
  const next = await setup.another()
  expect(await next.sweep()).toMatchObject({ completed: 1, errors: 0 })
  expect((await complete(upload, withoutEtags)).status).toBe(200)
  expect((await complete(upload, file.completeRequest)).status).toBe(200)
})

test('the ETags that the store listed are on record once the CRC-64 has shown that they are right', async () => {
  setup.store.showsCrc64 = true
  const upload = await begin()
  expect((await complete(upload, withoutEtags)).status).toBe(200)
  const again = await setup.api.call('POST', '/api/uploads', { ...file.request, unlessDone: true })
  expect(again.body).toMatchObject({
    duplicates: [{ etagsDigest: digestOfEtags(file.completeRequest.etags) }],
  })
})
