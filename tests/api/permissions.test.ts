import { createCosStore, type ObjectStore, StoreError } from '@carryon/object-store'
import type { AccessGrant } from '@carryon/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest
let caller: Caller
beforeAll(async () => {
  api = await startApi()
  caller = new Caller(api)
})
afterAll(async () => {
  await api.close()
})

function browserStore(access: AccessGrant): ObjectStore {
  if (access.mode !== 'credentials') throw new Error('no credentials')
  return createCosStore({
    location: access.location,
    credentials: access.credentials,
    retry: { attempts: 1 },
  })
}

async function refusal(call: Promise<unknown>): Promise<Pick<StoreError, 'code' | 'status'>> {
  const error: unknown = await call.then(
    () => 'allowed',
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof StoreError)) throw new Error(`not refused but ${String(error)}`)
  return { code: error.code, status: error.status }
}

const denied = { status: 403 }

describe('the credentials of an upload', () => {
  const file = new SampleFile('permissions')
  const other = new SampleFile('the other')
  const part = new Uint8Array(10)

  test('upload parts of its own key and do nothing else', async () => {
    const mine = (await caller.open(file.request)).body
    const theirs = (await caller.open(other.request)).body
    await file.send(mine)
    const browser = browserStore(mine.access)
    const { key, uploadId } = mine.upload
    const theirUploadId = theirs.upload.uploadId
    if (uploadId === null || theirUploadId === null) throw new Error('no upload id')

    const attempts: Record<string, () => Promise<unknown>> = {
      'a part of another key': () =>
        browser.uploadPart({ key: theirs.upload.key, uploadId: theirUploadId, partNumber: 1 }, part),
      'a part of a longer key': () => browser.uploadPart({ key: `${key}x`, uploadId, partNumber: 1 }, part),
      'listing its parts': () => browser.listParts(key, uploadId),
      'listing uploads': () => browser.listMultipartUploads(key)[Symbol.asyncIterator]().next(),
      initiating: () => browser.createMultipartUpload(key),
      completing: () => browser.completeMultipartUpload(key, uploadId, [{ partNumber: 1, etag: 'x' }]),
      aborting: () => browser.abortMultipartUpload(key, uploadId),
      putting: () => browser.putObject(key, part),
      reading: () => browser.getObject(key),
      'asking for its size': () => browser.headObject(key),
      deleting: () => browser.deleteObject(key),
      'reading CORS rules': () => browser.getCors(),
      'asking for the bucket': () => browser.headBucket(),
    }
    for (const [name, attempt] of Object.entries(attempts)) {
      expect(await refusal(attempt()), name).toMatchObject(denied)
    }
    const done = await caller.complete(mine.upload.id, await file.completeRequest())
    expect(done.status).toBe(200)
    expect(await refusal(browser.getObject(key))).toMatchObject(denied)
    expect(await refusal(browser.deleteObject(key))).toMatchObject(denied)
  })

  test('are the same for each tab and renewal while more than half of their life is left', async () => {
    const first = (await caller.open(other.request)).body
    const again = (await caller.open(other.request)).body
    expect(again.access).toEqual(first.access)
    const renewed = await caller.post<{ access: AccessGrant }>(`/api/uploads/${first.upload.id}/access`, {})
    expect(renewed.body.access).toEqual(first.access)
    api.advance(16 * 60_000)
    const later = await caller.post<{ access: AccessGrant }>(`/api/uploads/${first.upload.id}/access`, {})
    expect(later.body.access).not.toEqual(first.access)
    await other.send({ ...first, access: later.body.access }, [1])
  })
})

describe('the credentials of an upload of 9 MB', () => {
  const MiB = 2 ** 20
  const nine = new SampleFile('nine', { size: 9 * MiB })

  test('take no part that is larger than the file, in whatever way it is sent', async () => {
    const { access, upload } = (await caller.open(nine.request)).body
    const browser = browserStore(access)
    const part = { key: upload.key, uploadId: upload.uploadId ?? '', partNumber: 2 }
    expect(await refusal(browser.uploadPart(part, new Uint8Array(9 * MiB + 1)))).toMatchObject(denied)
    await browser.uploadPart(part, new Uint8Array(9 * MiB))
  })

  test('take larger parts once the upload goes on as that of a larger file', async () => {
    const partSize = 8 * MiB
    const small = new SampleFile('grows from 3 MB', { size: 3 * MiB })
    const first = (await caller.open({ ...small.request, partSize })).body
    const part = { key: first.upload.key, uploadId: first.upload.uploadId ?? '', partNumber: 1 }
    await browserStore(first.access).uploadPart(part, new Uint8Array(3 * MiB))
    const grown = new SampleFile('grown to 9 MB', { size: 9 * MiB })
    const opened = (await caller.open({ ...grown.request, partSize, continues: first.upload.id })).body
    expect(opened.upload.id).toBe(first.upload.id)
    await browserStore(opened.access).uploadPart(part, new Uint8Array(partSize))
    const renewed = await caller.post<{ access: AccessGrant }>(`/api/uploads/${first.upload.id}/access`, {})
    expect(renewed.body.access).toEqual(opened.access)
  })

  test('cannot fill the store by parts that the file does not have: all of it is removed at complete', async () => {
    const { access, upload } = (await caller.open(nine.request)).body
    await nine.send({ access, upload } as Parameters<typeof nine.send>[0])
    const browser = browserStore(access)
    for (const beyond of [1, 2]) {
      const part = { key: upload.key, uploadId: upload.uploadId ?? '', partNumber: upload.partCount + beyond }
      await browser.uploadPart(part, new Uint8Array(5 * MiB))
    }
    const refused = await caller.complete(upload.id, await nine.completeRequest())
    expect(refused).toMatchObject({ status: 410, body: { code: 'upload-gone' } })
    expect(await api.store.headObject(upload.key)).toBeNull()
    const left: string[] = []
    for await (const { key } of api.store.listMultipartUploads(upload.key)) left.push(key)
    expect(left).toEqual([])
    expect((await caller.open(nine.request)).status).toBe(201)
  })

  test('nor when nobody completes: the next sweep ends it', async () => {
    const { access, upload } = (await caller.open(nine.request)).body
    const browser = browserStore(access)
    for (const partNumber of [1, 2, 3]) {
      const part = { key: upload.key, uploadId: upload.uploadId ?? '', partNumber }
      await browser.uploadPart(part, new Uint8Array(7 * MiB))
    }
    const other = (await caller.open(new SampleFile('honest', { size: 9 * MiB }).request)).body.upload
    expect(await api.server.sweep()).toMatchObject({ oversize: 1, errors: 0 })
    expect(await caller.get(`/api/uploads/${upload.id}`)).toMatchObject({
      body: { upload: { state: 'cancelled' } },
    })
    expect(await caller.get(`/api/uploads/${other.id}`)).toMatchObject({
      body: { upload: { state: 'open' } },
    })
    expect(await api.server.sweep()).toMatchObject({ oversize: 0 })
  })
})

describe('a signed part URL', () => {
  test('takes as many bytes as the part has, and no more', async () => {
    const MiB = 2 ** 20
    const signing = await startApi({ signedUrls: true })
    try {
      const page = new Caller(signing)
      const { access, upload } = (await page.open(new SampleFile('by URL', { size: 9 * MiB }).request)).body
      if (access.mode !== 'urls') throw new Error('no URLs')
      const put = async (url: string | undefined, size: number) =>
        (await fetch(url ?? '', { method: 'PUT', body: new Uint8Array(size) })).status
      const last = access.urls[String(upload.partCount)]
      const size = upload.size - (upload.partCount - 1) * upload.partSize
      expect(await put(last, size + 1)).toBe(403)
      expect(await put(last, size)).toBe(200)
      const renewed = await page.post<{ access: AccessGrant }>(`/api/uploads/${upload.id}/access`, {
        partNumbers: [1],
        sizes: [MiB],
      })
      const own = renewed.body.access.mode === 'urls' ? renewed.body.access.urls['1'] : undefined
      expect(await put(own, MiB + 1)).toBe(403)
      expect(await put(own, MiB)).toBe(200)
      for (const sizes of [[9 * MiB + 1], [1, 2]]) {
        const refused = await page.post(`/api/uploads/${upload.id}/access`, { partNumbers: [1], sizes })
        expect(refused.status).toBe(400)
      }
    } finally {
      await signing.close()
    }
  })
})

describe('the signed PUT of a small file', () => {
  const file = new SampleFile('small', { size: 5_000 })

  test('takes exactly the announced bytes, once', async () => {
    const opened = (await caller.open(file.singleRequest)).body
    const otherBytes = new SampleFile('other bytes', { size: 5_000 }).content
    const refused = {
      'other bytes': await file.put(opened, otherBytes),
      'fewer bytes': await file.put(opened, file.content.subarray(1)),
      'another type': await file.put(opened, file.content, { 'content-type': 'text/html' }),
      'leave to overwrite': await file.put(opened, file.content, { 'x-cos-forbid-overwrite': 'false' }),
      'another encoding': await file.put(opened, file.content, { 'content-encoding': 'gzip' }),
      'leave to cache': await file.put(opened, file.content, { 'cache-control': 'public' }),
      'an end': await file.put(opened, file.content, { expires: 'Thu, 01 Jan 2099 00:00:00 GMT' }),
      'a language': await file.put(opened, file.content, { 'content-language': 'tlh' }),
      'another name': await file.put(opened, file.content, { 'content-disposition': 'inline' }),
      'something beside it': await file.put(opened, file.content, { 'x-cos-meta-added': '1' }),
    }
    for (const [name, answer] of Object.entries(refused)) {
      expect(answer.status, name).toBeGreaterThanOrEqual(400)
    }
    expect((await file.put(opened)).status).toBe(200)
    expect((await file.put(opened)).status).toBe(409)
    const done = await caller.complete(opened.upload.id, await file.singleCompleteRequest())
    expect(done.body.upload).toMatchObject({ state: 'done', mode: 'single' })
    expect(await file.isStored(api, done.body.upload)).toBe(true)
  })

  test('also of no bytes at all', async () => {
    const empty = new SampleFile('empty', { size: 0 })
    const opened = (await caller.open(empty.singleRequest)).body
    expect((await empty.put(opened)).status).toBe(200)
    expect((await caller.complete(opened.upload.id, await empty.singleCompleteRequest())).status).toBe(200)
  })
})

/** Media type and disposition of a stored object as a browser gets them. */
async function shownAs(key: string): Promise<Record<'type' | 'disposition', string | null>> {
  const { headers, body } = await api.store.getObject(key)
  await body?.cancel()
  return { type: headers.get('content-type'), disposition: headers.get('content-disposition') }
}

describe('the signed form of a small file', () => {
  const file = new SampleFile('by form', { size: 5_000 })

  test('takes exactly the announced bytes, under the announced key, name and type, and nothing else', async () => {
    const opened = (await caller.open({ ...file.singleRequest, forms: true })).body
    const other = new SampleFile('other bytes', { size: 5_000 })
    const refused = {
      'other bytes': [400, await file.form(opened, other.content)],
      'other bytes under their own MD5': [
        403,
        await file.form(opened, other.content, { 'Content-MD5': other.singleRequest.md5 }),
      ],
      'fewer bytes': [400, await file.form(opened, file.content.subarray(1))],
      'another key': [403, await file.form(opened, file.content, { key: `${opened.upload.key}x` })],
      'another type': [403, await file.form(opened, file.content, { 'Content-Type': 'text/html' })],
      'another name': [403, await file.form(opened, file.content, { 'Content-Disposition': 'inline' })],
      'another encoding': [403, await file.form(opened, file.content, { 'Content-Encoding': 'gzip' })],
      'leave to cache': [403, await file.form(opened, file.content, { 'Cache-Control': 'public' })],
      'something beside it': [403, await file.form(opened, file.content, { 'x-cos-meta-added': '1' })],
      'an access list': [403, await file.form(opened, file.content, { 'x-cos-acl': 'public-read' })],
    } as const
    for (const [name, [status, answer]] of Object.entries(refused)) expect(answer.status, name).toBe(status)
    expect((await caller.complete(opened.upload.id, await file.singleCompleteRequest())).status).toBe(409)

    const sent = await file.form(opened)
    expect(sent.status).toBe(204)
    expect(sent.headers.get('x-cos-hash-crc64ecma')).toBe((await file.singleCompleteRequest()).crc64)
    expect((await file.form(opened)).status).toBe(204)
    const done = await caller.complete(opened.upload.id, await file.singleCompleteRequest())
    expect(done.body.upload).toMatchObject({ state: 'done', mode: 'single' })
    expect(await file.isStored(api, done.body.upload)).toBe(true)
    const byForm = await shownAs(opened.upload.key)
    expect(byForm).toEqual({ type: 'video/mp4', disposition: 'attachment; filename="holiday.mp4"' })
    const again = {
      'Content-Encoding': 'gzip',
      'Cache-Control': 'public, max-age=31536000',
      Expires: 'Thu, 01 Jan 2099 00:00:00 GMT',
      'x-cos-meta-added': '1',
    }
    for (const [name, value] of Object.entries(again)) {
      expect((await file.form(opened, file.content, { [name]: value })).status, name).toBe(403)
    }
    const finished = await api.store.getObject(opened.upload.key)
    await finished.body?.cancel()
    for (const name of ['content-encoding', 'cache-control', 'expires', 'x-cos-meta-added']) {
      expect(finished.headers.get(name), name).toBeNull()
    }
    const twin = new SampleFile('by PUT', { size: 5_000 })
    const openedTwin = (await caller.open(twin.singleRequest)).body
    expect((await twin.put(openedTwin)).status).toBe(200)
    expect(await shownAs(openedTwin.upload.key)).toEqual(byForm)
  })

  test('also of no bytes at all, and of a name of any letters', async () => {
    const empty = new SampleFile('empty by form', { size: 0, name: '空 格&"<b>.bin' })
    const opened = (await caller.open({ ...empty.singleRequest, forms: true })).body
    expect((await empty.form(opened)).status).toBe(204)
    expect((await caller.complete(opened.upload.id, await empty.singleCompleteRequest())).status).toBe(200)
    const stored = await api.store.getObject(opened.upload.key)
    expect(decodeURIComponent(stored.headers.get('content-disposition') ?? '')).toContain('空 格&"<b>.bin')
  })
})

describe('an empty file without a hash', () => {
  test('is one empty part', async () => {
    const empty = new SampleFile('nothing', { size: 0 })
    const opened = (await caller.open(empty.request)).body
    expect(opened.upload).toMatchObject({ mode: 'multipart', partCount: 1 })
    await empty.send(opened)
    expect((await caller.complete(opened.upload.id, await empty.completeRequest())).status).toBe(200)
  })
})
