import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiClient } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { day, startTestServer, type TestServer } from '../testing/test-server.js'

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer()
})
afterEach(async () => {
  await setup.close()
})

const file = new TestFile()

describe('open', () => {
  test('creates an upload under a key of its own', async () => {
    const { status, body } = await setup.api.open(file.request)
    expect(status).toBe(201)
    expect(body.upload).toMatchObject({
      name: 'holiday.mp4',
      state: 'open',
      mode: 'multipart',
      partSize: 2 ** 20,
      partCount: 2,
      createdAt: '2026-11-22T12:00:00.000Z',
      expiresAt: '2026-11-29T12:00:00.000Z',
    })
    expect(body.upload.key).toMatch(/^uploads\/2026\/11\/22\/[\w-]{22}\/holiday\.mp4$/u)
    expect([...setup.store.multipartUploads.keys()]).toEqual([body.upload.uploadId])
  })

  test('finds the open upload again, with its parts, also under another name', async () => {
    const first = await setup.api.open(file.request)
    await file.send(setup.store, first.body.upload, [1])
    const second = await setup.api.open({ ...file.request, name: 'copy.mp4' })
    expect(second.status).toBe(200)
    expect(second.body.upload.id).toBe(first.body.upload.id)
    expect(second.body.parts.map(({ partNumber }) => partNumber)).toEqual([1])
  })

  test('another owner or another fingerprint gets another upload', async () => {
    const ids = new Set<string>()
    for (const [owner, of] of [
      ['anna', file],
      ['bert', file],
      ['anna', new TestFile(8)],
    ] as const) {
      const { body } = await new ApiClient(setup.server, { 'x-owner': owner }).open(of.request)
      ids.add(body.upload.id)
    }
    expect(ids.size).toBe(3)
  })

  test('fifty at once on two servers make one upload and one multipart upload', async () => {
    const servers = [setup.server, await setup.another()]
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        new ApiClient(servers[index % 2] ?? setup.server).open(file.request),
      ),
    )
    expect(new Set(answers.map(({ body }) => body.upload.uploadId)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(setup.store.multipartUploads.size).toBe(1)
  })

  test('the server that inserted the row answers created, even if another created its multipart upload', async () => {
    let begin: () => void = () => undefined
    const mayBegin = new Promise<void>((resolve) => (begin = resolve))
    let asked: () => void = () => undefined
    const wasAsked = new Promise<void>((resolve) => (asked = resolve))
    const { store } = setup
    const slow = new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (name !== 'createMultipartUpload') {
          return typeof value === 'function' ? (value.bind(target) as unknown) : value
        }
        return async (key: string) => {
          asked()
          await mayBegin
          return target.createMultipartUpload(key)
        }
      },
    })
    const first = new ApiClient(await setup.another({ store: slow })).open(file.request)
    await wasAsked
    const second = await setup.api.open(file.request)
    begin()
    expect([(await first).status, second.status]).toEqual([201, 200])
    expect((await first).body.upload.uploadId).toBe(second.body.upload.uploadId)
    expect(store.multipartUploads.size).toBe(1)
  })

  test('a crash between row and multipart upload is repaired by the next open', async () => {
    setup.store.loseAnswer('createMultipartUpload', 'before')
    expect((await setup.api.open(file.request)).status).toBe(503)
    const again = await setup.api.open(file.request)
    expect(again.status).toBe(200)
    expect(setup.store.multipartUploads.size).toBe(1)
  })

  test('a multipart upload whose creation was never answered is used, not followed by a second', async () => {
    setup.store.loseAnswer('createMultipartUpload', 'after')
    expect((await setup.api.open(file.request)).status).toBe(503)
    const again = await setup.api.open(file.request)
    expect([...setup.store.multipartUploads.keys()]).toEqual([again.body.upload.uploadId])
  })

  test('a multipart upload that the store lost is created anew for the same row', async () => {
    const first = await setup.api.open(file.request)
    setup.store.multipartUploads.clear()
    const second = await setup.api.open(file.request)
    expect(second.body.upload).toMatchObject({ id: first.body.upload.id, key: first.body.upload.key })
    expect([...setup.store.multipartUploads.keys()]).toEqual([second.body.upload.uploadId])
  })

  test('an object without a complete request is not used', async () => {
    const first = await setup.api.open(file.request)
    setup.store.multipartUploads.clear()
    await setup.store.putObject(first.body.upload.key, file.content)
    const second = await setup.api.open(file.request)
    expect(second.status).toBe(201)
    expect(second.body.upload.id).not.toBe(first.body.upload.id)
    expect(setup.store.objects.size).toBe(0)
  })

  test('after a complete whose answer was lost it answers the finished upload', async () => {
    const { body } = await setup.api.open(file.request)
    await file.send(setup.store, body.upload)
    setup.store.loseAnswer('completeMultipartUpload', 'after')
    setup.store.loseAnswer('headObject', 'before')
    expect((await setup.api.complete(body.upload.id, file.completeRequest)).status).toBe(503)
    const again = await setup.api.open(file.request)
    expect(again.body.upload).toMatchObject({ id: body.upload.id, state: 'done' })
  })

  test('once done, the same content makes a new upload', async () => {
    const first = await setup.api.open(file.request)
    await file.send(setup.store, first.body.upload)
    await setup.api.complete(first.body.upload.id, file.completeRequest)
    const second = await setup.api.open(file.request)
    expect(second.status).toBe(201)
    expect(second.body.upload.key).not.toBe(first.body.upload.key)
  })

  test('each open defers the expiry', async () => {
    await setup.api.open(file.request)
    setup.advance(3 * day)
    const { body } = await setup.api.open(file.request)
    expect(body.upload.expiresAt).toBe('2026-12-02T12:00:00.000Z')
  })
})

describe('a small file that was hashed', () => {
  const small = new TestFile(3, 1_000)
  const request = { ...small.request, md5: small.md5 }

  test('gets one signed PUT and costs the store nothing', async () => {
    const { body } = await setup.api.open(request)
    expect(body.upload).toMatchObject({ mode: 'single', uploadId: null, partCount: 1 })
    expect(body.access).toMatchObject({
      mode: 'put',
      headers: {
        'content-length': '1000',
        'content-md5': small.md5,
        'content-type': 'video/mp4',
        'content-disposition': 'attachment; filename="holiday.mp4"',
        'x-cos-forbid-overwrite': 'true',
      },
    })
    expect(setup.store.calls).toEqual(['headBucket'])
  })

  test('is kept from replacing an object by whatever header the store has for that', async () => {
    vi.spyOn(setup.store, 'presign').mockImplementation(async ({ method, headers, forbidOverwrite }) => ({
      method,
      url: 'http://store.test/a',
      headers: { ...headers, ...(forbidOverwrite === true && { 'x-never-replace': 'yes' }) },
    }))
    const { body } = await setup.api.open(request)
    expect(body.access).toMatchObject({ mode: 'put', headers: { 'x-never-replace': 'yes' } })
    expect(JSON.stringify(body.access)).not.toContain('x-cos-')
  })

  test('is sent by a form where client and store can, by a PUT when the access grant is renewed', async () => {
    const first = await setup.api.open({ ...request, forms: true })
    expect(first.body.access).toEqual({
      mode: 'form',
      url: 'http://store.test/carryon-1250000000/',
      fields: {
        key: first.body.upload.key,
        'Content-Type': 'video/mp4',
        'Content-Disposition': 'attachment; filename="holiday.mp4"',
        'Content-MD5': small.md5,
        policy: '1000 bytes',
      },
      expiresAt: expect.any(Number) as number,
    })
    const renewed = await setup.api.renew(first.body.upload.id)
    expect(renewed.body.access.mode).toBe('put')
    // Two pages open the same upload, with different capabilities.
    const both = await Promise.all([setup.api.open(request), setup.api.open({ ...request, forms: true })])
    expect(both.map(({ body }) => [body.upload.id, body.access.mode])).toEqual([
      [first.body.upload.id, 'put'],
      [first.body.upload.id, 'form'],
    ])
    const large = new TestFile(3, 1_000)
    const withParts = await setup.api.open({ ...large.request, identity: 'y', forms: true })
    expect(withParts.body.access.mode).not.toBe('form')
  })

  test.each([
    ['of no bytes', 0, 'single'],
    ['of 8 MiB', 8 * 2 ** 20, 'single'],
    ['of more', 8 * 2 ** 20 + 1, 'multipart'],
  ])('%s', async (_, size, mode) => {
    const { body } = await setup.api.open({ identity: 'x', name: 'a', size, md5: small.md5 })
    expect(body.upload.mode).toBe(mode)
  })

  test('with another MD5 under the same fingerprint leaves the one before alone, and each is found again', async () => {
    const first = await setup.api.open(request)
    const other = { ...request, name: 'other.mp4', md5: new TestFile(4, 1_000).md5 }
    const second = await setup.api.open(other)
    expect(second.status).toBe(201)
    expect((await setup.api.open(other)).body.upload.id).toBe(second.body.upload.id)
    expect((await setup.api.open(request)).body.upload.id).toBe(first.body.upload.id)
    await setup.store.putObject(first.body.upload.key, small.content)
    expect((await setup.api.complete(first.body.upload.id, small.completeRequest)).body.upload.name).toBe(
      'holiday.mp4',
    )
  })

  test('opened again under another name it has that name', async () => {
    await setup.api.open(request)
    const { body } = await setup.api.open({ ...request, name: 'copy.mov', type: 'video/quicktime' })
    expect(body.upload).toMatchObject({ name: 'copy.mov', type: 'video/quicktime' })
    expect(body.access).toMatchObject({
      headers: {
        'content-disposition': 'attachment; filename="copy.mov"',
        'content-type': 'video/quicktime',
      },
    })
  })

  test('is done at once when its PUT arrived and only the complete is missing', async () => {
    const first = await setup.api.open(request)
    await setup.store.putObject(first.body.upload.key, small.content)
    const second = await setup.api.open(request)
    expect(second.body.upload).toMatchObject({ id: first.body.upload.id, state: 'done' })
  })
})
