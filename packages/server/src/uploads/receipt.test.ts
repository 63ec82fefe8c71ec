import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import type { UploadReceipt } from '@carryon/protocol'
import { ApiClient, type ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { UploadView } from './upload-view.js'

const MiB = 2 ** 20
let setup: TestServer
afterEach(() => setup.close())

const file = new TestFile(7, 3 * MiB + 5)
const opened = async () => (await setup.api.open(file.request)).body.upload
const receiptOf = async ({ id }: UploadView) =>
  (await setup.api.call<UploadReceipt>('GET', `/api/uploads/${id}/receipt`)).body
const other = new TestFile(9, 3 * MiB + 5)

test('a receipt says what the object is, how it was cut, and what was compared', async () => {
  setup = await startTestServer()
  const upload = await opened()
  await file.send(setup.store, upload, [1, 2, 3, 4])
  await setup.api.complete(upload.id, file.completeRequest)
  const { etags, crc64 } = file.completeRequest
  expect(await receiptOf(upload)).toEqual({
    carryonReceipt: 1,
    name: 'holiday.mp4',
    size: file.size,
    finishedAt: '2026-11-22T12:00:00.000Z',
    mode: 'multipart',
    crc64,
    crc64Type: 'crc64ecma',
    md5: null,
    etagsDigest: createHash('sha256').update(etags.join('\n')).digest('hex'),
    etag: `${createHash('md5').update(file.content).digest('hex')}-${etags.length}`,
    parts: 4,
    partRuns: [{ after: 0, partSize: MiB }],
    comparedBy: ['object-crc64', 'part-etags', 'size'],
    resumedFrom: null,
    sentAgain: 0,
  })
})

test('it tells how much was there at the last resume', async () => {
  setup = await startTestServer()
  const upload = await opened()
  await file.send(setup.store, upload, [1])
  await opened()
  await file.send(setup.store, upload, [2, 3])
  await opened()
  await file.send(setup.store, upload, [4])
  await setup.api.complete(upload.id, file.completeRequest)
  expect(await receiptOf(upload)).toMatchObject({ resumedFrom: 3 * MiB, sentAgain: 0 })
})

test('and what of it was sent again: parts that differed when it was resumed', async () => {
  setup = await startTestServer()
  const upload = await opened()
  await other.send(setup.store, upload, [1, 2])
  await file.send(setup.store, upload, [3])
  await opened()
  await file.send(setup.store, upload, [1])
  await opened()
  await file.send(setup.store, upload, [2, 4])
  await setup.api.complete(upload.id, file.completeRequest)
  expect(await receiptOf(upload)).toMatchObject({ resumedFrom: 3 * MiB, sentAgain: 2 * MiB })
})

test('or that were refused when it was completed', async () => {
  setup = await startTestServer()
  const upload = await opened()
  await file.send(setup.store, upload, [1, 2, 3, 4])
  await other.send(setup.store, upload, [4])
  expect((await setup.api.complete(upload.id, file.completeRequest)).status).toBe(409)
  await file.send(setup.store, upload, [4])
  await setup.api.complete(upload.id, file.completeRequest)
  expect(await receiptOf(upload)).toMatchObject({ resumedFrom: null, sentAgain: 5 })
})

test('of an object that a key management service encrypts it says no MD5: its ETags are none', async () => {
  setup = await startTestServer({ onOpen: () => ({ headers: { encryption: { by: 'kms' } } }) })
  const upload = await opened()
  await file.send(setup.store, upload, [1, 2, 3, 4])
  await setup.api.complete(upload.id, file.completeRequest)
  expect(await receiptOf(upload)).toMatchObject({
    crc64: file.completeRequest.crc64,
    etagsDigest: null,
    comparedBy: ['object-crc64', 'part-etags', 'size'],
  })
})

test('of a small file it has the MD5', async () => {
  setup = await startTestServer()
  const { upload } = (await setup.api.open({ ...file.request, md5: file.md5 })).body
  await setup.store.putObject(upload.key, file.content)
  const { size, crc64 } = file.completeRequest
  await setup.api.complete(upload.id, { size, crc64 })
  expect(await receiptOf(upload)).toMatchObject({
    mode: 'single',
    md5: file.md5,
    etagsDigest: null,
    parts: 1,
    comparedBy: ['object-crc64', 'object-md5', 'size'],
  })
})

test('it is for the owner of a finished upload', async () => {
  setup = await startTestServer()
  const upload = await opened()
  const path = `/api/uploads/${upload.id}/receipt`
  expect((await setup.api.call<ProblemBody>('GET', path)).status).toBe(404)
  await file.send(setup.store, upload, [1, 2, 3, 4])
  await setup.api.complete(upload.id, file.completeRequest)
  const stranger = new ApiClient(setup.server, { 'x-owner': 'bea' })
  expect((await stranger.call<ProblemBody>('GET', path)).status).toBe(404)
})
