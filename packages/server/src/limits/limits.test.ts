import { afterEach, describe, expect, test } from 'vitest'
import type { LimitsAnswer } from '@carryon/protocol'
import type { ServerOptions } from '../server-options.js'
import { ApiClient, type OpenedBody, type ProblemBody } from '../testing/api-client.js'
import { fileOf, statusesOf, times } from '../testing/callers.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { OwnerLimits } from './owner-limits.js'

let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})
const start = async (options: Partial<ServerOptions>): Promise<TestServer> =>
  (setup = await startTestServer(options))

/** Limits by the owner's name in the header; tests may change them. */
function limitedBy(limits: Record<string, OwnerLimits>): ServerOptions['authorize'] {
  return (request) => {
    const owner = request.headers.get('x-owner') ?? 'anna'
    const own = limits[owner]
    return { owner, ...(own && { limits: own }) }
  }
}

const open = (api: ApiClient, request: object) =>
  api.call<OpenedBody & ProblemBody & { maxBytes?: number }>('POST', '/api/uploads', request)
const limitsOf = async (api: ApiClient) => (await api.call<LimitsAnswer>('GET', '/api/limits')).body

/** Opens, sends and completes a small file. */
async function finish({ api, store }: TestServer, one: TestFile) {
  const { upload } = (await open(api, { ...one.request, md5: one.md5 })).body
  await store.putObject(upload.key, one.content)
  return api.call<ProblemBody>('POST', `/api/uploads/${upload.id}/complete`, {
    size: one.size,
    crc64: one.completeRequest.crc64,
  })
}

describe('what a file may be', () => {
  const types: OwnerLimits = { mediaTypes: ['image/*', 'video/mp4'] }
  const endings: OwnerLimits = { extensions: ['JPG', '.png'] }
  test.each([
    ['of a kind', types, { type: 'image/png' }, 201],
    ['of a type', types, { type: 'Video/MP4; codecs=avc1' }, 201],
    ['of another type of that kind', types, { type: 'video/webm' }, 415],
    ['of a type that only begins alike', types, { type: 'imagery/png' }, 415],
    ['of no type', types, { type: '' }, 415],
    ['of any type', { mediaTypes: ['*/*'] }, { type: '' }, 201],
    ['of no type that is taken', { mediaTypes: [] }, { type: 'image/png' }, 415],
    ['with an ending', endings, { name: 'a.b.jpg' }, 201],
    ['with an ending in upper case', endings, { name: 'A.PNG' }, 201],
    ['with another ending', endings, { name: 'a.jpg.exe' }, 415],
    ['without an ending', endings, { name: 'jpg' }, 415],
    ['with both', { ...types, ...endings }, { name: 'a.jpg', type: 'image/jpeg' }, 201],
    ['with one of both', { ...types, ...endings }, { name: 'a.gif', type: 'image/gif' }, 415],
    ['as large as may be', { maxFileBytes: 100 }, { size: 100 }, 201],
    ['larger', { maxFileBytes: 100 }, { size: 101 }, 413],
    ['of one byte where nothing may be', { maxFileBytes: 0 }, { size: 1 }, 413],
  ] as const)('%s', async (_, limits, more, status) => {
    for (const options of [{ limits }, { authorize: limitedBy({ anna: limits }) }]) {
      const running = await start(options)
      const { status: answered, body } = await open(running.api, { ...fileOf(1), ...more })
      expect(answered).toBe(status)
      if (status === 413) expect(body).toMatchObject({ code: 'too-large', maxBytes: limits.maxFileBytes })
      if (status === 415)
        expect(body).toMatchObject({
          code: 'forbidden',
          detail: expect.stringMatching(/Accepted: /u) as string,
        })
      expect((await running.server.unfinished()).uploads).toHaveLength(status === 201 ? 1 : 0)
      await running.close()
      setup = undefined
    }
  })

  test('is looked at once more when the upload is finished', async () => {
    const limits: Record<string, OwnerLimits> = { anna: { mediaTypes: ['video/*'], extensions: ['mp4'] } }
    const running = await start({ authorize: limitedBy(limits) })
    const file = new TestFile()
    const { upload } = (await open(running.api, file.request)).body
    await file.send(running.store, upload)
    const complete = (more: object) =>
      running.api.call<ProblemBody>('POST', `/api/uploads/${upload.id}/complete`, {
        ...file.completeRequest,
        ...more,
      })
    expect((await complete({ type: 'text/html' })).status).toBe(415)
    expect((await complete({ name: 'holiday.html' })).status).toBe(415)
    limits['anna'] = { maxFileBytes: 10 }
    expect((await complete({})).status).toBe(413)
    expect(running.store.objects.size).toBe(0)
    limits['anna'] = {}
    expect((await complete({})).status).toBe(200)
    limits['anna'] = { maxFileBytes: 10 }
    // A finished upload stays valid: a repeated call gets the same answer.
    expect((await complete({})).status).toBe(200)
  })
})

describe('of fifty opens at once', () => {
  const fifty = (api: ApiClient, size = 100) =>
    Promise.all(Array.from({ length: 50 }, (_, number) => open(api, fileOf(number, size))))

  test.each([
    ['as many as may be open', { openFiles: 7 }, 429],
    ['as many bytes as may be open', { openBytes: 799 }, 429],
    ['as many bytes as there is room for', { totalBytes: 799 }, 413],
  ] as const)('%s, also while an application takes its time', async (_, limits, refused) => {
    const slow = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return {}
    }
    for (const onOpen of [undefined, slow]) {
      const running = await start({ authorize: limitedBy({ anna: limits }), onOpen })
      expect(statusesOf(await fifty(running.api))).toEqual([...times(7, 201), ...times(43, refused)])
      expect((await running.server.unfinished()).uploads).toHaveLength(7)
      expect((await limitsOf(running.api)).used.openFiles).toBe(7)
      await running.close()
      setup = undefined
    }
  })

  test('none, where nothing may be open: then nobody is asked to wait', async () => {
    const running = await start({ authorize: limitedBy({ anna: { openFiles: 0 } }) })
    const { status, body } = await open(running.api, fileOf(1))
    expect([status, body.code]).toEqual([403, 'forbidden'])
  })

  test('each owner has its own, and one without any has none', async () => {
    const running = await start({ authorize: limitedBy({ anna: { openFiles: 3 }, bert: { openFiles: 5 } }) })
    const [anna, bert, carl] = await Promise.all(
      ['anna', 'bert', 'carl'].map((owner) => fifty(new ApiClient(running.server, { 'x-owner': owner }))),
    )
    const opened = (answers: typeof anna) => answers?.filter(({ status }) => status === 201).length
    expect([anna, bert, carl].map(opened)).toEqual([3, 5, 50])
  })

  test('two servers never hold more than one by itself would', async () => {
    const running = await start({ authorize: limitedBy({ anna: { openFiles: 7 } }) })
    const other = new ApiClient(await running.another())
    await Promise.all([fifty(running.api), fifty(other, 50)])
    expect((await running.server.unfinished()).uploads).toHaveLength(7)
  })
})

describe('the bytes that an owner may have', () => {
  test('are those of finished uploads as well, and say how many are left', async () => {
    const running = await start({ limits: { totalBytes: 1_000 } })
    expect((await finish(running, new TestFile(1, 600))).status).toBe(200)
    const { status, body } = await open(running.api, fileOf(2, 500))
    expect([status, body.code, body.maxBytes]).toEqual([413, 'too-large', 400])
    expect(body.detail).toMatch(/1000 bytes here, and 400 are left/u)
    expect((await open(running.api, fileOf(3, 400))).status).toBe(201)
    expect((await open(running.api, fileOf(4, 1))).status).toBe(413)
    const bert = new ApiClient(running.server, { 'x-owner': 'bert' })
    expect((await open(bert, fileOf(2, 500))).status).toBe(201)
  })

  test('are looked at once more when an upload is finished', async () => {
    const limits: Record<string, OwnerLimits> = { anna: { totalBytes: 1_000 } }
    const running = await start({ authorize: limitedBy(limits) })
    const first = new TestFile(1, 600)
    const { upload } = (await open(running.api, { ...first.request, md5: first.md5 })).body
    await running.store.putObject(upload.key, first.content)
    limits['anna'] = { totalBytes: 500 }
    const request = { size: 600, crc64: first.completeRequest.crc64 }
    const answer = await running.api.call<ProblemBody>('POST', `/api/uploads/${upload.id}/complete`, request)
    expect([answer.status, answer.body.code]).toEqual([413, 'too-large'])
    limits['anna'] = {}
    expect((await running.api.complete(upload.id, request)).status).toBe(200)
  })

  test('are free again when an upload is cancelled', async () => {
    const running = await start({ limits: { totalBytes: 1_000 } })
    const { upload } = (await open(running.api, fileOf(1, 800))).body
    expect((await open(running.api, fileOf(2, 300))).status).toBe(413)
    await running.api.call('DELETE', `/api/uploads/${upload.id}`)
    expect((await open(running.api, fileOf(2, 300))).status).toBe(201)
  })
})

describe('GET /api/limits', () => {
  test('answers the limits, what is used and what is left, of this owner alone', async () => {
    const running = await start({
      maxBytes: 5_000,
      limits: { totalBytes: 2_000, openFiles: 9, extensions: ['bin'] },
      authorize: limitedBy({ anna: { openFiles: 2, mediaTypes: ['video/*', 'image/png'] } }),
    })
    const bert = new ApiClient(running.server, { 'x-owner': 'bert' })
    await open(bert, fileOf(1, 700))
    await open(bert, fileOf(2, 300))
    expect(await limitsOf(bert)).toEqual({
      limits: {
        maxFileBytes: 5_000,
        mediaTypes: null,
        extensions: ['bin'],
        openFiles: 9,
        openBytes: null,
        totalBytes: 2_000,
      },
      used: { openFiles: 2, openBytes: 1_000, totalBytes: 1_000 },
      left: { openFiles: 7, openBytes: null, totalBytes: 1_000 },
      terms: {
        storeHost: 'store.test',
        unfinishedDays: 7,
        finishedDays: null,
        anonymous: false,
        shareSeconds: 604_800,
      },
    })
    expect(await limitsOf(running.api)).toMatchObject({
      limits: { openFiles: 2, mediaTypes: ['video/*', 'image/png'], totalBytes: 2_000 },
      used: { openFiles: 0, openBytes: 0, totalBytes: 0 },
      left: { openFiles: 2, totalBytes: 2_000 },
    })
  })

  test('never says that less than nothing is left', async () => {
    const limits: Record<string, OwnerLimits> = {}
    const running = await start({ authorize: limitedBy(limits) })
    await open(running.api, fileOf(1, 100))
    limits['anna'] = { openFiles: 0, openBytes: 50, totalBytes: 50 }
    expect((await limitsOf(running.api)).left).toEqual({ openFiles: 0, openBytes: 0, totalBytes: 0 })
  })

  test('is refused to who is not signed in', async () => {
    const running = await start({ authorize: () => null })
    expect((await running.api.call('GET', '/api/limits')).status).toBe(401)
  })
})

test.each([
  [{ maxFileBytes: -1 }, /limits: maxFileBytes must be a whole number/u],
  [{ mediaTypes: ['image'] }, /limits: mediaTypes must be a list/u],
  [{ extensions: ['tar.gz'] }, /limits: extensions must be a list/u],
  [{ maxFileSize: 1 } as OwnerLimits, /limits: there is no limit "maxFileSize"/u],
])('a server is not made with %j', async (limits, message) => {
  await expect(startTestServer({ limits })).rejects.toThrow(message)
})
