import { afterEach, beforeEach, expect, test } from 'vitest'
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

const file = new TestFile(7, MiB + 5)
const show = async ({ id }: UploadView) =>
  (await setup.api.call<{ upload: UploadView }>('GET', `/api/uploads/${id}`)).body.upload

test('a complete that the store refused leaves the upload as it was opened', async () => {
  const growing = { ...file.request, size: 6 * MiB, grows: true }
  const { upload } = (await setup.api.open(growing)).body
  const opened = await show(upload)
  expect(opened).toMatchObject({ partCount: 6, partRuns: null })
  const bytes = (count: number) => new Uint8Array(count * MiB)
  const send = (partNumber: number, body: Uint8Array) =>
    setup.store.uploadPart({ key: upload.key, uploadId: upload.uploadId ?? '', partNumber }, body)
  for (const [index, count] of [1, 1, 1, 1, 2].entries()) await send(index + 1, bytes(count))
  const parts = await setup.store.listParts(upload.key, upload.uploadId ?? '')
  // Another tab sends a part again after the server listed the parts and before it joins them.
  setup.store.meanwhile('listParts', () => send(1, bytes(1).fill(1)))
  const refused = await setup.api.complete(upload.id, {
    size: 6 * MiB,
    crc64: '1',
    etags: parts.map(({ etag }) => etag),
    partRuns: [
      { after: 0, partSize: MiB },
      { after: 4, partSize: 2 * MiB },
    ],
    name: 'another.mp4',
    type: 'video/webm',
  })
  expect(refused).toMatchObject({ status: 409, body: { code: 'parts-mismatch', partNumbers: [1] } })
  expect(await show(upload)).toEqual(opened)
  const renewed = await setup.api.call('POST', `/api/uploads/${upload.id}/access`, { partNumbers: [6] })
  expect(renewed.status).toBe(200)
})
