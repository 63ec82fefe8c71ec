import { createCosStore, type ObjectStore, StoreError } from '@carryon/object-store'
import type { Access } from '@carryon/client'
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

function browserStore(access: Access): ObjectStore {
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

describe('the credentials of an upload', () => {
  const file = new SampleFile('permissions')
  const other = new SampleFile('the other')
  const part = new Uint8Array(10)
  const denied = { status: 403 }

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
    const done = await caller.complete(mine.upload.id, await file.claim())
    expect(done.status).toBe(200)
    expect(await refusal(browser.getObject(key))).toMatchObject(denied)
    expect(await refusal(browser.deleteObject(key))).toMatchObject(denied)
  })

  test('are the same for each tab and renewal while more than half of their life is left', async () => {
    const first = (await caller.open(other.request)).body
    const again = (await caller.open(other.request)).body
    expect(again.access).toEqual(first.access)
    const renewed = await caller.post<{ access: Access }>(`/api/uploads/${first.upload.id}/access`, {})
    expect(renewed.body.access).toEqual(first.access)
    api.advance(16 * 60_000)
    const later = await caller.post<{ access: Access }>(`/api/uploads/${first.upload.id}/access`, {})
    expect(later.body.access).not.toEqual(first.access)
    await other.send({ ...first, access: later.body.access }, [1])
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
    }
    for (const [name, answer] of Object.entries(refused)) {
      expect(answer.status, name).toBeGreaterThanOrEqual(400)
    }
    expect((await file.put(opened)).status).toBe(200)
    expect((await file.put(opened)).status).toBe(409)
    const done = await caller.complete(opened.upload.id, await file.singleClaim())
    expect(done.body.upload).toMatchObject({ state: 'done', mode: 'single' })
    expect(await file.isStored(api, done.body.upload)).toBe(true)
  })

  test('also of no bytes at all', async () => {
    const empty = new SampleFile('empty', { size: 0 })
    const opened = (await caller.open(empty.singleRequest)).body
    expect((await empty.put(opened)).status).toBe(200)
    expect((await caller.complete(opened.upload.id, await empty.singleClaim())).status).toBe(200)
  })
})

/** What a stored object is to the browser that gets it. */
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
      'an access list': [403, await file.form(opened, file.content, { 'x-cos-acl': 'public-read' })],
    } as const
    for (const [name, [status, answer]] of Object.entries(refused)) expect(answer.status, name).toBe(status)
    expect((await caller.complete(opened.upload.id, await file.singleClaim())).status).toBe(409)

    const sent = await file.form(opened)
    expect(sent.status).toBe(204)
    expect(sent.headers.get('x-cos-hash-crc64ecma')).toBe((await file.singleClaim()).crc64)
    expect((await file.form(opened)).status).toBe(204)
    const done = await caller.complete(opened.upload.id, await file.singleClaim())
    expect(done.body.upload).toMatchObject({ state: 'done', mode: 'single' })
    expect(await file.isStored(api, done.body.upload)).toBe(true)
    const byForm = await shownAs(opened.upload.key)
    expect(byForm).toEqual({ type: 'video/mp4', disposition: 'attachment; filename="holiday.mp4"' })
    const twin = new SampleFile('by PUT', { size: 5_000 })
    const openedTwin = (await caller.open(twin.singleRequest)).body
    expect((await twin.put(openedTwin)).status).toBe(200)
    expect(await shownAs(openedTwin.upload.key)).toEqual(byForm)
  })

  test('also of no bytes at all, and of a name of any letters', async () => {
    const empty = new SampleFile('empty by form', { size: 0, name: '空 格&"<b>.bin' })
    const opened = (await caller.open({ ...empty.singleRequest, forms: true })).body
    expect((await empty.form(opened)).status).toBe(204)
    expect((await caller.complete(opened.upload.id, await empty.singleClaim())).status).toBe(200)
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
    expect((await caller.complete(opened.upload.id, await empty.claim())).status).toBe(200)
  })
})
