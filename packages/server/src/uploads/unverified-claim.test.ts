import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { digestOfEtags } from './claim.js'
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
const complete = (upload: UploadView, claim: unknown) =>
  setup.api.call<{ upload: UploadView } & ProblemBody>('POST', `/api/uploads/${upload.id}/complete`, claim)
const withoutEtags = { ...file.claim, etags: [''] }

describe('where the store does not tell the CRC-64 of the object', () => {
  test('a finished upload answers the claim that it was finished with, and no other', async () => {
    const upload = await begin()
    const { size, crc64, etags } = file.claim
    expect((await complete(upload, file.claim)).status).toBe(200)
    expect((await complete(upload, file.claim)).status).toBe(200)
    expect((await complete(upload, { size, etags })).status).toBe(200)
    expect((await complete(upload, { size, crc64, etags: [''] })).status).toBe(200)
    const others = {
      'other content': other.claim,
      'another CRC-64': { ...file.claim, crc64: '1' },
      'other ETags': { size, crc64, etags: other.claim.etags },
      'other ETags alone': { size, etags: other.claim.etags },
      'no ETags': { size },
      'an ETag left out, and no CRC-64': { size, etags: [''] },
    }
    for (const [what, claim] of Object.entries(others)) {
      expect(await complete(upload, claim), what).toMatchObject({
        status: 410,
        body: { code: 'upload-gone' },
      })
    }
  })

  test('a claim that leaves ETags to the list is verified by nothing, and refused', async () => {
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

test('where it does, a claim that leaves ETags to the list is finished by another server', async () => {
  setup.store.showsCrc64 = true
  const upload = await begin()
  setup.store.loseAnswer('headObject', 'before')
  expect((await complete(upload, withoutEtags)).status).toBe(503)
  const next = await setup.another()
  expect(await next.sweep()).toMatchObject({ completed: 1, errors: 0 })
  expect((await complete(upload, withoutEtags)).status).toBe(200)
  expect((await complete(upload, file.claim)).status).toBe(200)
})

test('the ETags that the store listed are on record once the CRC-64 has shown that they are right', async () => {
  setup.store.showsCrc64 = true
  const upload = await begin()
  expect((await complete(upload, withoutEtags)).status).toBe(200)
  const again = await setup.api.call('POST', '/api/uploads', { ...file.request, unlessDone: true })
  expect(again.body).toMatchObject({ duplicates: [{ etagsDigest: digestOfEtags(file.claim.etags) }] })
})
