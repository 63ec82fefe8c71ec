import type { RegisteredUpload } from '@carryon/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ApiUnderTest, day, openMultipartKeys, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest
let caller: Caller
beforeEach(async () => {
  api = await startApi({ expireDays: 7 })
  caller = new Caller(api)
})
afterEach(async () => {
  await api.close()
})

const file = new SampleFile('cancel')
const small = new SampleFile('small', { size: 1_000 })
const openRows = async () =>
  (await caller.get<{ uploads: RegisteredUpload[] }>('/api/uploads?state=open')).body.uploads

describe('cancel', () => {
  test('leaves no multipart upload and no open row, and may be repeated', async () => {
    const opened = (await caller.open(file.request)).body
    await file.send(opened, [1])
    for (const attempt of [1, 2]) {
      expect((await caller.delete(`/api/uploads/${opened.upload.id}`)).status, String(attempt)).toBe(204)
    }
    expect(await openMultipartKeys(api)).toEqual([])
    expect(await openRows()).toEqual([])
    const gone = { status: 410, body: { code: 'upload-gone' } }
    expect(await caller.complete(opened.upload.id, await file.completeRequest())).toMatchObject(gone)
    expect(await caller.post(`/api/uploads/${opened.upload.id}/access`, {})).toMatchObject(gone)
    expect(await caller.get(`/api/uploads/${opened.upload.id}/parts`)).toMatchObject(gone)
    await expect(file.send(opened, [2])).rejects.toMatchObject({ code: 'NoSuchUpload' })
  })

  test('of a small file removes the object that was put, and one that is put later', async () => {
    const opened = (await caller.open(small.singleRequest)).body
    await small.put(opened)
    expect((await caller.delete(`/api/uploads/${opened.upload.id}`)).status).toBe(204)
    expect(await api.store.headObject(opened.upload.key)).toBeNull()
    await small.put(opened)
    api.advance(31 * 60_000)
    expect(await api.server.sweep()).toMatchObject({ cleaned: 1 })
    expect(await api.store.headObject(opened.upload.key)).toBeNull()
    expect(await api.server.sweep()).toMatchObject({ cleaned: 0 })
  })

  test('of a finished upload says so and keeps it', async () => {
    const opened = (await caller.open(small.singleRequest)).body
    await small.put(opened)
    await caller.complete(opened.upload.id, await small.singleCompleteRequest())
    const refused = await caller.delete(`/api/uploads/${opened.upload.id}`)
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'already-done', upload: { id: opened.upload.id, state: 'done' } },
    })
    expect(await small.isStored(api, opened.upload)).toBe(true)
  })

  test('while the store is down is cancelled all the same, and cleaned up by repeating or sweeping', async () => {
    const opened = (await caller.open(file.request)).body
    api.local.faults?.set({
      fault: { kind: 'error', code: 'ServiceUnavailable' },
      operation: 'AbortMultipartUpload',
      times: 1,
    })
    expect((await caller.delete(`/api/uploads/${opened.upload.id}`)).status).toBe(503)
    expect(await openRows()).toEqual([])
    expect(await openMultipartKeys(api)).toHaveLength(1)
    expect(await api.server.sweep()).toMatchObject({ cleaned: 1, errors: 0 })
    expect(await openMultipartKeys(api)).toEqual([])
  })
})

describe('sweep', () => {
  test('ends what nobody touched for a week, and nothing younger', async () => {
    const stale = (await caller.open(file.request)).body.upload
    api.advance(6 * day)
    const young = (await caller.open(new SampleFile('young').request)).body.upload
    api.advance(day + 1_000)
    expect(await api.server.sweep()).toMatchObject({ expired: 1, errors: 0 })
    expect(await openMultipartKeys(api)).toEqual([young.key])
    expect(await caller.complete(stale.id, await file.completeRequest())).toMatchObject({
      status: 410,
      body: { code: 'upload-gone' },
    })
    const anew = await caller.open(file.request)
    expect(anew.status).toBe(201)
  })

  test('removes old orphaned multipart uploads, under its own prefix only', async () => {
    await api.store.createMultipartUpload('uploads/unknown')
    await api.store.createMultipartUpload('elsewhere/unknown')
    expect(await api.server.sweep()).toMatchObject({ orphans: 0 })
    api.advance(8 * day)
    const mine = (await caller.open(file.request)).body.upload
    expect(await api.server.sweep()).toMatchObject({ orphans: 1, expired: 0 })
    expect((await openMultipartKeys(api)).sort()).toEqual(['elsewhere/unknown', mine.key])
  })

  test('that meets a failing store goes on with the rest and comes back', async () => {
    await caller.open(file.request)
    await caller.open(new SampleFile('second').request)
    api.advance(8 * day)
    api.local.faults?.set({
      fault: { kind: 'error', code: 'InternalError' },
      operation: 'AbortMultipartUpload',
      times: 1,
    })
    expect(await api.server.sweep()).toMatchObject({ expired: 1, errors: 1 })
    expect(await openRows()).toEqual([])
    expect(await api.server.sweep()).toMatchObject({ errors: 0 })
    expect(await openMultipartKeys(api)).toEqual([])
  })
})
