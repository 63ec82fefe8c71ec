import type { RegisteredUpload } from '@carryon/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ApiUnderTest, openMultipartKeys, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest
let caller: Caller
beforeEach(async () => {
  api = await startApi({ completeWait: 1_000 })
  caller = new Caller(api)
})
afterEach(async () => {
  await api.close()
})

const file = new SampleFile('lost answers')
const sent = async () => {
  const opened = (await caller.open(file.request)).body
  await file.send(opened)
  return opened.upload
}
const stateOf = async ({ id }: RegisteredUpload) =>
  (await caller.get<{ upload: RegisteredUpload }>(`/api/uploads/${id}`)).body.upload.state

/** Repeats the request as a client does, until the upload is no longer "still completing". */
async function completeToTheEnd(id: string) {
  const request = await file.completeRequest()
  for (;;) {
    const answer = await caller.complete(id, request)
    if (answer.status !== 202) return answer
  }
}

describe('complete', () => {
  test('whose answer the store lost is found done', async () => {
    const upload = await sent()
    api.local.faults?.set({
      fault: { kind: 'lose-answer' },
      operation: 'CompleteMultipartUpload',
      times: 1,
    })
    const done = await completeToTheEnd(upload.id)
    expect(done.body.upload.state).toBe('done')
    expect(await file.isStored(api, done.body.upload)).toBe(true)
  })

  test('that answers 200 and then an error is asked again', async () => {
    const upload = await sent()
    api.local.faults?.set({
      fault: { kind: 'late-error', code: 'InternalError' },
      operation: 'CompleteMultipartUpload',
      times: 1,
    })
    expect((await completeToTheEnd(upload.id)).body.upload.state).toBe('done')
  })

  test('that takes long answers 202 meanwhile', async () => {
    const upload = await sent()
    api.local.faults?.set({
      fault: { kind: 'slow-complete', milliseconds: 2_000 },
      operation: 'CompleteMultipartUpload',
    })
    const first = await caller.complete(upload.id, await file.completeRequest())
    expect(first).toMatchObject({ status: 202, body: { upload: { state: 'completing', url: null } } })
    expect((await completeToTheEnd(upload.id)).body.upload.state).toBe('done')
    expect(api.local.counters['CompleteMultipartUpload']?.requests).toBe(1)
  })

  test('that a stop cut short is finished by the sweep of the next server', async () => {
    const upload = await sent()
    api.local.faults?.set(
      { fault: { kind: 'lose-answer' }, operation: 'CompleteMultipartUpload', times: 1 },
      { fault: { kind: 'error', code: 'InternalError' }, operation: 'HeadObject', times: 1 },
    )
    expect((await caller.complete(upload.id, await file.completeRequest())).status).toBe(503)
    expect(await stateOf(upload)).toBe('completing')
    const { cookie } = caller
    api = await api.restart()
    caller = new Caller(api)
    caller.cookie = cookie
    expect(await api.server.sweep()).toMatchObject({ completed: 1, errors: 0 })
    expect(await stateOf(upload)).toBe('done')
  })

  test('in whose middle the server stopped is finished by asking again', async () => {
    const upload = await sent()
    api.local.faults?.set({
      fault: { kind: 'error', code: 'ServiceUnavailable' },
      operation: 'CompleteMultipartUpload',
      times: 4,
    })
    const refused = await caller.complete(upload.id, await file.completeRequest())
    expect([202, 503]).toContain(refused.status)
    const { cookie } = caller
    api = await api.restart()
    caller = new Caller(api)
    caller.cookie = cookie
    expect((await completeToTheEnd(upload.id)).body.upload.state).toBe('done')
    expect(await openMultipartKeys(api)).toEqual([])
  })

  test('with a wrong request is refused, and the right one still succeeds', async () => {
    const upload = await sent()
    const request = await file.completeRequest()
    const [first = '', ...rest] = request.etags
    const wrong = [
      [{ ...request, size: request.size - 1 }, 400, 'invalid-request'],
      [{ ...request, etags: rest }, 400, 'invalid-request'],
      [{ ...request, etags: [...rest, first] }, 409, 'parts-mismatch'],
      [{ size: request.size, etags: request.etags }, 400, 'invalid-request'],
    ] as const
    for (const [body, status, code] of wrong) {
      expect(await caller.complete(upload.id, body)).toMatchObject({ status, body: { code } })
      expect(await stateOf(upload)).toBe('open')
    }
    expect((await completeToTheEnd(upload.id)).body.upload.state).toBe('done')
  })

  test('names the parts that are missing', async () => {
    const opened = (await caller.open(file.request)).body
    await file.send(opened, [2])
    expect(await caller.complete(opened.upload.id, await file.completeRequest())).toMatchObject({
      status: 409,
      body: { code: 'parts-mismatch', partNumbers: [1, 3] },
    })
  })

  test('of an object with another checksum removes it', async () => {
    const upload = await sent()
    const request = { ...(await file.completeRequest()), crc64: '12345' }
    expect(await caller.complete(upload.id, request)).toMatchObject({
      status: 409,
      body: { code: 'checksum-mismatch' },
    })
    expect(await api.store.headObject(upload.key)).toBeNull()
    expect(await stateOf(upload)).toBe('failed')
  })
})

describe('open', () => {
  test('whose initiate was carried out but never answered adopts what is there', async () => {
    api.local.faults?.set({
      fault: { kind: 'lose-answer' },
      operation: 'InitiateMultipartUpload',
      times: 1,
    })
    expect((await caller.open(file.request)).status).toBe(503)
    expect((await caller.open(file.request)).status).toBe(200)
    expect(await openMultipartKeys(api)).toHaveLength(1)
  })

  test('after the store dropped the multipart upload begins anew on the same upload', async () => {
    const upload = await sent()
    await api.store.abortMultipartUpload(upload.key, upload.uploadId ?? '')
    expect((await caller.get(`/api/uploads/${upload.id}/parts`)).body.code).toBe('upload-gone')
    const again = (await caller.open(file.request)).body
    expect(again).toMatchObject({ upload: { id: upload.id, state: 'open' }, parts: [] })
    await file.send(again)
    expect((await completeToTheEnd(upload.id)).body.upload.state).toBe('done')
  })
})
