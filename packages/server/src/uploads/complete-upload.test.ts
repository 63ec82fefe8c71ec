import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { hour, startTestServer, type TestServer } from '../testing/test-server.js'
import { digestOfEtags } from './complete-request.js'
import type { UploadView } from './upload-view.js'

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer({ completeWait: 1_500 })
})
afterEach(async () => {
  await setup.close()
})

const file = new TestFile()

async function sent(of = file): Promise<UploadView> {
  const { body } = await setup.api.open(of.request)
  await of.send(setup.store, body.upload)
  return body.upload
}

const complete = (upload: UploadView, request: unknown = file.completeRequest) =>
  setup.api.call<{ upload: UploadView } & ProblemBody>('POST', `/api/uploads/${upload.id}/complete`, request)

const stateOf = async (upload: UploadView) => {
  const { body } = await setup.api.call<{ upload: UploadView }>('GET', `/api/uploads/${upload.id}`)
  return body.upload.state
}

describe('complete', () => {
  test('joins, checks and records', async () => {
    const upload = await sent()
    const { status, body } = await complete(upload)
    expect(status).toBe(200)
    expect(body.upload).toMatchObject({
      state: 'done',
      url: `http://app.test/api/uploads/${upload.id}/object`,
      crc64: file.completeRequest.crc64,
      finishedAt: '2026-11-22T12:00:00.000Z',
    })
    expect(setup.store.objects.get(upload.key)?.equals(file.content)).toBe(true)
  })

  test('ten at once and one more later get the same answer from one join', async () => {
    const upload = await sent()
    const answers = await Promise.all(Array.from({ length: 10 }, () => complete(upload)))
    answers.push(await complete(upload))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(setup.store.calls.filter((call) => call === 'completeMultipartUpload')).toHaveLength(1)
  })

  test.each([
    ['another size', { ...file.completeRequest, size: file.size + 1 }, 'size'],
    ['too few ETags', { ...file.completeRequest, etags: file.completeRequest.etags.slice(1) }, 'etags'],
    ['no ETags', { ...file.completeRequest, etags: undefined }, 'etags'],
    ['no CRC64', { ...file.completeRequest, crc64: undefined }, 'crc64'],
  ])('a request with %s is refused and the upload stays open', async (_, request, path) => {
    const upload = await sent()
    const { status, body } = await complete(upload, request)
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid-request' })
    expect(body.problems?.map((problem) => problem.path)).toEqual([path])
    expect(await stateOf(upload)).toBe('open')
  })

  test('ETags that the client could not see are taken from the list, and recorded', async () => {
    const upload = await sent()
    const etags = file.completeRequest.etags.map((etag, index) => (index === 0 ? '' : etag))
    const request = { ...file.completeRequest, etags }
    const answers = await Promise.all([
      complete(upload, request),
      complete(upload),
      complete(upload, request),
    ])
    for (const { status, body } of answers) {
      expect({ status, state: body.upload.state }).toEqual({ status: 200, state: 'done' })
    }
    expect(setup.store.objects.get(upload.key)?.equals(file.content)).toBe(true)
    const again = await setup.api.call('POST', '/api/uploads', { ...file.request, unlessDone: true })
    expect(again.body).toMatchObject({
      duplicates: [{ etagsDigest: digestOfEtags(file.completeRequest.etags) }],
    })
  })

  test('without ETags other content is found by its CRC64, and removed', async () => {
    const other = new TestFile(9)
    const { body } = await setup.api.open(file.request)
    await other.send(setup.store, body.upload)
    const request = { ...file.completeRequest, etags: file.completeRequest.etags.map(() => '') }
    const refused = await complete(body.upload, request)
    expect(refused).toMatchObject({ status: 409, body: { code: 'checksum-mismatch' } })
    expect(setup.store.objects.size).toBe(0)
  })

  test('missing and different parts are named and the upload stays open for repair', async () => {
    const { body } = await setup.api.open(file.request)
    await new TestFile(9).send(setup.store, body.upload, [1])
    const refused = await complete(body.upload)
    expect(refused).toMatchObject({ status: 409, body: { code: 'parts-mismatch', partNumbers: [1, 2] } })
    await file.send(setup.store, body.upload)
    expect((await complete(body.upload)).status).toBe(200)
  })

  test('another CRC64 than the object has removes the object and fails the upload, each time asked', async () => {
    const upload = await sent()
    const request = { ...file.completeRequest, crc64: '1' }
    for (const attempt of [1, 2]) {
      const refused = await complete(upload, request)
      expect(refused, String(attempt)).toMatchObject({ status: 409, body: { code: 'checksum-mismatch' } })
    }
    expect(setup.store.objects.size).toBe(0)
    expect(await stateOf(upload)).toBe('failed')
    expect((await setup.api.open(file.request)).status).toBe(201)
  })

  test('a store that refuses another CRC64 itself: the upload fails, and nothing is left', async () => {
    const upload = await sent()
    setup.store.refusesOtherCrc64 = true
    const refused = await complete(upload, { ...file.completeRequest, crc64: '1' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'checksum-mismatch' } })
    expect([setup.store.objects.size, setup.store.multipartUploads.size]).toEqual([0, 0])
    expect(await stateOf(upload)).toBe('failed')
    expect((await complete(await sent())).status).toBe(200)
  })

  test('a store that does not tell the CRC64 of the object: nothing is held against it, nor recorded', async () => {
    const upload = await sent()
    setup.store.showsCrc64 = false
    const { status, body } = await complete(upload)
    expect([status, body.upload.state, body.upload.crc64]).toEqual([200, 'done', null])
  })

  test('a finished upload does not answer for other content', async () => {
    const upload = await sent()
    await complete(upload)
    expect(await complete(upload, { ...file.completeRequest, crc64: '1' })).toMatchObject({
      status: 410,
      body: { code: 'upload-gone' },
    })
    expect(await stateOf(upload)).toBe('done')
  })

  test('the answer of the join is lost: the object is found and counts', async () => {
    const upload = await sent()
    setup.store.loseAnswer('completeMultipartUpload', 'after')
    expect((await complete(upload)).status).toBe(200)
    expect(setup.store.calls.filter((call) => call === 'completeMultipartUpload')).toHaveLength(1)
  })

  test('the join never arrived: it is asked again', async () => {
    const upload = await sent()
    setup.store.loseAnswer('completeMultipartUpload', 'before')
    let answer = await complete(upload)
    while (answer.status === 202) answer = await complete(upload)
    expect(answer.status).toBe(200)
  })

  test('a slow join answers 202 and continues; asking again gets the result', async () => {
    const upload = await sent()
    const release = setup.store.holdCompletes()
    const first = await complete(upload)
    expect(first).toMatchObject({ status: 202, body: { upload: { state: 'completing' } } })
    release()
    let answer = await complete(upload)
    while (answer.status === 202) answer = await complete(upload)
    expect(answer.body.upload.state).toBe('done')
  })

  test('while one request is being completed another one waits for its result', async () => {
    const upload = await sent()
    const release = setup.store.holdCompletes()
    await complete(upload)
    const other = complete(upload, { ...file.completeRequest, crc64: '1' })
    release()
    let answer = await other
    while (answer.status === 202) answer = await complete(upload, { ...file.completeRequest, crc64: '1' })
    expect(answer.status).toBe(410)
    expect(await stateOf(upload)).toBe('done')
  })

  test('another server that finds the parts gone and no object yet says: still completing', async () => {
    const upload = await sent()
    setup.store.loseAnswer('completeMultipartUpload', 'after')
    setup.store.loseAnswer('headObject', 'before')
    await complete(upload)
    const object = setup.store.objects.get(upload.key)
    setup.store.objects.clear()
    expect((await complete(upload)).status).toBe(202)
    if (object !== undefined) setup.store.objects.set(upload.key, object)
    expect((await complete(upload)).status).toBe(200)
  })

  test('an object that does not appear within the hour is given up, and opened anew', async () => {
    const upload = await sent()
    setup.store.loseAnswer('completeMultipartUpload', 'after')
    setup.store.loseAnswer('headObject', 'before')
    await complete(upload)
    setup.store.objects.clear()
    setup.advance(hour)
    expect(await complete(upload)).toMatchObject({ status: 410, body: { code: 'upload-gone' } })
    const again = await setup.api.open(file.request)
    expect(again.body).toMatchObject({ upload: { id: upload.id, state: 'open' }, parts: [] })
  })

  test('parts that the store lost before the complete: gone, open anew', async () => {
    const upload = await sent()
    setup.store.multipartUploads.clear()
    expect(await complete(upload)).toMatchObject({ status: 410, body: { code: 'upload-gone' } })
  })

  test('a cancel while the store joins leaves no object', async () => {
    const upload = await sent()
    const release = setup.store.holdCompletes()
    expect((await complete(upload)).status).toBe(202)
    expect((await setup.api.call('DELETE', `/api/uploads/${upload.id}`)).status).toBe(204)
    release()
    await setup.server.close()
    expect(setup.store.objects.size).toBe(0)
    expect(setup.store.multipartUploads.size).toBe(0)
  })
})

describe('close', () => {
  test('waits for a completion, but not for ever: the next server takes it up', async () => {
    const impatient = await startTestServer({ completeWait: 1_000, closeGrace: 50 })
    try {
      const { body } = await impatient.api.open(file.request)
      await file.send(impatient.store, body.upload)
      const release = impatient.store.holdCompletes()
      expect((await impatient.api.complete(body.upload.id, file.completeRequest)).status).toBe(202)
      await impatient.server.close()
      release()
      const next = await impatient.another()
      expect(await next.sweep()).toMatchObject({ completed: 1, errors: 0 })
      expect(impatient.store.objects.get(body.upload.key)?.equals(file.content)).toBe(true)
    } finally {
      await impatient.close()
    }
  })
})

describe('complete of a single PUT', () => {
  const small = new TestFile(3, 1_000)
  const request = { size: small.size, crc64: small.completeRequest.crc64 }
  const open = async () => (await setup.api.open({ ...small.request, md5: small.md5 })).body.upload

  test('checks and records', async () => {
    const upload = await open()
    await setup.store.putObject(upload.key, small.content)
    expect(await complete(upload, request)).toMatchObject({
      status: 200,
      body: { upload: { state: 'done' } },
    })
  })

  test('before the PUT says that the one part is missing', async () => {
    const upload = await open()
    expect(await complete(upload, request)).toMatchObject({
      status: 409,
      body: { code: 'parts-mismatch', partNumbers: [1] },
    })
    expect(await stateOf(upload)).toBe('open')
  })

  test('other bytes of the same length are found out even with their own CRC64', async () => {
    const upload = await open()
    const other = new TestFile(4, 1_000)
    await setup.store.putObject(upload.key, other.content)
    expect(await complete(upload, { ...request, crc64: other.completeRequest.crc64 })).toMatchObject({
      status: 409,
      body: { code: 'checksum-mismatch' },
    })
    expect(setup.store.objects.size).toBe(0)
  })
})
