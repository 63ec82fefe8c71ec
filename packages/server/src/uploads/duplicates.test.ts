import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, ApiClient, type OpenedBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { digestOfEtags } from './complete-request.js'
import type { UploadView } from './upload-view.js'

interface DuplicatesBody {
  readonly duplicates: readonly {
    readonly upload: UploadView
    readonly md5: string | null
    readonly etagsDigest: string | null
  }[]
  readonly serverTime: number
}

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer()
})
afterEach(async () => {
  await setup.close()
})

const file = new TestFile()
const small = new TestFile(3, 1_000)

/** Opens, sends and completes an upload. */
async function finish(of: TestFile, more: Readonly<Record<string, unknown>> = {}): Promise<UploadView> {
  const { body } = await setup.api.open({ ...of.request, ...more })
  if (body.upload.mode === 'single') await setup.store.putObject(body.upload.key, of.content)
  else await of.send(setup.store, body.upload)
  const request = { ...of.completeRequest, ...(body.upload.mode === 'single' && { etags: undefined }) }
  const done = await setup.api.complete(body.upload.id, request)
  expect(done.status).toBe(200)
  setup.advance(1_000)
  return done.body.upload
}

function openUnlessDone(
  of: TestFile,
  more: Readonly<Record<string, unknown>> = {},
  api = setup.api,
): Promise<Answer<Partial<OpenedBody & DuplicatesBody>>> {
  return api.call('POST', '/api/uploads', { ...of.request, unlessDone: true, ...more })
}

describe('an open unless it is done', () => {
  test('answers the finished upload and what it can be shown by, and opens nothing', async () => {
    const done = await finish(file)
    const { status, body } = await openUnlessDone(file, { name: 'copy.mp4' })
    expect(status).toBe(200)
    expect(body.upload).toBeUndefined()
    expect(body.duplicates).toEqual([
      { upload: done, md5: null, etagsDigest: digestOfEtags(file.completeRequest.etags) },
    ])
    expect(typeof body.serverTime).toBe('number')
    expect((await setup.api.call('GET', '/api/uploads?state=open')).body).toMatchObject({ uploads: [] })
    expect(setup.store.multipartUploads.size).toBe(0)
  })

  test('opens as ever when there is none, and once only', async () => {
    const first = await openUnlessDone(file)
    expect(first.status).toBe(201)
    const second = await openUnlessDone(file)
    expect(second.status).toBe(200)
    expect(second.body.upload?.id).toBe(first.body.upload?.id)
  })

  test('continues an upload that is open: that decision was made when it was opened', async () => {
    await finish(file)
    const open = await setup.api.open(file.request)
    const { body } = await openUnlessDone(file)
    expect(body.duplicates).toBeUndefined()
    expect(body.upload?.id).toBe(open.body.upload.id)
  })

  test("never tells of another owner's", async () => {
    await finish(file)
    await finish(small, { md5: small.md5 })
    const bert = new ApiClient(setup.server, { 'x-owner': 'bert' })
    for (const more of [{}, { md5: file.md5 }]) {
      expect((await openUnlessDone(file, more, bert)).body.duplicates).toBeUndefined()
    }
    expect((await openUnlessDone(small, { md5: small.md5 }, bert)).status).toBe(201)
  })

  test('tells a small file by its MD5', async () => {
    const done = await finish(small, { md5: small.md5 })
    const { body } = await openUnlessDone(small, { md5: small.md5 })
    expect(body.duplicates).toEqual([{ upload: done, md5: small.md5, etagsDigest: null }])
    const other = await openUnlessDone(small, { md5: new TestFile(4, 1_000).md5 })
    expect(other.status).toBe(201)
  })

  test.each([
    ['vanished', (key: string) => setup.store.deleteObject(key)],
    ['is of another size', (key: string) => setup.store.putObject(key, file.content.subarray(1))],
    ['is of other content', (key: string) => setup.store.putObject(key, new TestFile(8).content)],
  ])('offers no object that %s', async (_, spoil) => {
    const { key } = await finish(file)
    await spoil(key)
    expect((await openUnlessDone(file)).status).toBe(201)
  })

  test('offers one of several with the same content, the newest that is still there', async () => {
    const first = await finish(file)
    const second = await finish(file)
    const offered = async () => (await openUnlessDone(file)).body.duplicates?.map(({ upload }) => upload.id)
    expect(await offered()).toEqual([second.id])
    await setup.store.deleteObject(second.key)
    expect(await offered()).toEqual([first.id])
  })

  test('offers several whose content differs', async () => {
    const edited = new TestFile()
    edited.content.fill(9, 100, 200)
    const first = await finish(file)
    const second = await finish(edited)
    const { body } = await openUnlessDone(file)
    expect(body.duplicates?.map(({ upload }) => upload.id)).toEqual([second.id, first.id])
  })

  test('is refused while the store cannot be asked', async () => {
    await finish(file)
    setup.store.loseAnswer('headObject', 'before')
    const { status, body } = await openUnlessDone(file)
    expect(status).toBe(503)
    expect(body).toMatchObject({ code: 'store-unavailable' })
    expect((await openUnlessDone(file)).body.duplicates).toHaveLength(1)
  })

  test('does not take the place of an open that does not ask for it', async () => {
    await finish(file)
    const [asked, plain] = await Promise.all([openUnlessDone(file), setup.api.open(file.request)])
    expect(plain.body.upload.state).toBe('open')
    expect(asked.body.upload?.id ?? plain.body.upload.id).toBe(plain.body.upload.id)
  })

  test('an option that is not a boolean is refused', async () => {
    const { status, body } = await openUnlessDone(file, { unlessDone: 'yes' })
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid-request', problems: [{ path: 'unlessDone' }] })
  })
})
