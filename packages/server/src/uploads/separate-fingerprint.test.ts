import { afterEach, beforeEach, expect, test } from 'vitest'
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

const file = new TestFile()
/** Another file with the same fingerprint, as large files with equal samples have. */
const other = new TestFile(8)
const otherRequest = { ...other.request, identity: file.identity, name: 'other.bin', type: 'application/zip' }

const openUploads = async () => {
  const { body } = await setup.api.call<{ uploads: UploadView[] }>('GET', '/api/uploads')
  return body.uploads.map(({ id }) => id)
}

test('a separate upload exists beside the one that has the fingerprint, and is found again by name', async () => {
  const first = await setup.api.open(file.request)
  const own = await setup.api.open({ ...otherRequest, separate: true })
  expect(own.status).toBe(201)
  expect(own.body.upload.identity).toMatch(new RegExp(`^${file.identity}~[0-9a-f]{16}$`, 'u'))
  // Another machine does not know that the file needs a separate fingerprint.
  expect((await setup.api.open(otherRequest)).body.upload.id).toBe(own.body.upload.id)
  expect((await setup.api.open(file.request)).body.upload.id).toBe(first.body.upload.id)
  // Opens by the separate fingerprint from the list find it, whatever the file is called.
  const { identity } = own.body.upload
  const listed = await setup.api.open({ ...otherRequest, identity, name: 'renamed.bin' })
  expect(listed.body.upload.id).toBe(own.body.upload.id)
  expect([...(await openUploads())].sort()).toEqual([first.body.upload.id, own.body.upload.id].sort())
})

test('fifty separate opens at once make one upload', async () => {
  await setup.api.open(file.request)
  const opens = Array.from({ length: 50 }, () => setup.api.open({ ...otherRequest, separate: true }))
  expect(new Set((await Promise.all(opens)).map(({ body }) => body.upload.id)).size).toBe(1)
  expect(setup.store.multipartUploads.size).toBe(2)
})

test('each is stored, listed and downloaded under its own name', async () => {
  const first = (await setup.api.open(file.request)).body.upload
  const own = (await setup.api.open({ ...otherRequest, separate: true })).body.upload
  await other.send(setup.store, own)
  await file.send(setup.store, first)
  await setup.api.complete(own.id, other.completeRequest)
  await setup.api.complete(first.id, file.completeRequest)
  expect(setup.store.objects.get(own.key)?.equals(other.content)).toBe(true)
  expect(setup.store.objects.get(first.key)?.equals(file.content)).toBe(true)
  const done = await setup.api.call<{ uploads: UploadView[] }>('GET', '/api/uploads?state=done')
  expect(new Map(done.body.uploads.map(({ id, name }) => [id, name]))).toEqual(
    new Map([
      [own.id, 'other.bin'],
      [first.id, 'holiday.mp4'],
    ]),
  )
})

test('the name and the type are those of the file that it was finished with', async () => {
  const { upload } = (await setup.api.open(file.request)).body
  await file.send(setup.store, upload)
  const request = { ...file.completeRequest, name: 'ferien.mov', type: 'video/quicktime' }
  const { body } = await setup.api.complete(upload.id, request)
  expect(body.upload).toMatchObject({ name: 'ferien.mov', type: 'video/quicktime' })
  const { headers } = await setup.api.call('GET', `/api/uploads/${upload.id}/object`)
  const { searchParams } = new URL(headers.get('location') ?? '')
  expect(searchParams.get('response-content-disposition')).toBe('attachment; filename="ferien.mov"')
  expect(searchParams.get('response-content-type')).toBe('video/quicktime')
  // A repeated complete returns the recorded name.
  const again = await setup.api.complete(upload.id, { ...request, name: 'late.mov' })
  expect(again.body.upload.name).toBe('ferien.mov')
})

test('an object of a separate upload is found as already there', async () => {
  await setup.api.open(file.request)
  const own = (await setup.api.open({ ...otherRequest, separate: true })).body.upload
  await other.send(setup.store, own)
  await setup.api.complete(own.id, other.completeRequest)
  await setup.api.call('DELETE', `/api/uploads/${(await openUploads())[0] ?? ''}`)
  const asked = { ...otherRequest, unlessDone: true }
  const { body } = await setup.api.call<{ duplicates: { upload: UploadView }[] }>(
    'POST',
    '/api/uploads',
    asked,
  )
  expect(body.duplicates.map(({ upload }) => upload.id)).toEqual([own.id])
})
