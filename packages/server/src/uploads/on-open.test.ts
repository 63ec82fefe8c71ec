import { afterEach, describe, expect, test } from 'vitest'
import type { OnOpen, OnOpenEvent } from '../hooks/hook-types.js'
import type { LogEntry } from '../log-entry.js'
import type { ServerOptions } from '../server-options.js'
import { ApiClient, type OpenedBody, type ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})
const start = async (onOpen: OnOpen | undefined, options: Partial<ServerOptions> = {}): Promise<TestServer> =>
  (setup = await startTestServer({ onOpen, ...options }))

const file = new TestFile()
const refusedOpen = (api: ApiClient, request: object = file.request) =>
  api.call<OpenedBody & ProblemBody>('POST', '/api/uploads', request)
const rowsOf = async ({ server }: TestServer) => (await server.unfinished()).uploads

/** Error messages of failed requests in the log. */
const reasonsIn = (log: readonly LogEntry[]) =>
  log.flatMap((entry) => (entry.event === 'request' && entry.error ? [entry.error.message] : []))

const random = '[\\w-]{22}'

describe('onOpen', () => {
  test('decides storage class, tags and encryption, also of a small file, which then goes in parts', async () => {
    const headers = {
      storageClass: 'STANDARD_IA',
      tags: { plan: 'pro', team: '设计 1' },
      encryption: { by: 'kms', keyId: 'key-1' },
    } as const
    const running = await start(() => ({ headers }))
    const { upload, checksums } = (await running.api.open({ ...file.request, md5: file.md5 }))
      .body as OpenedBody & {
      checksums: { etagIsMd5: boolean }
    }
    expect(upload.mode).toBe('multipart')
    expect(running.store.headers.get(upload.key)).toMatchObject(headers)
    // Tells the client not to compare the ETag.
    expect(checksums.etagIsMd5).toBe(false)
  })

  test.each([
    ['storageClass', 'standard ia'],
    ['storageClass', 'IA\r\nx: y'],
    ['tags', { plan: 'a&b=c' }],
    ['tags', { '': 'empty' }],
    ['tags', { plan: 7 }],
    ['tags', Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`tag${index}`, 'x']))],
    ['tags', ['plan']],
    ['encryption', 'AES256'],
    ['encryption', { by: 'customer' }],
    ['encryption', { by: 'store', keyId: 'key' }],
    ['encryption', { by: 'kms', keyId: 'key\r\nx: y' }],
    ['encryption', { by: 'kms', key: 'key' }],
  ])('cannot answer %s %j', async (name, value) => {
    const running = await start(() => ({ headers: { [name]: value } }))
    expect((await refusedOpen(running.api)).status).toBe(500)
    expect(await rowsOf(running)).toEqual([])
    expect(reasonsIn(running.log).join()).toContain(`"headers.${name}" has an invalid value`)
  })

  test('hears whose file it is, and decides key and headers', async () => {
    const events: OnOpenEvent[] = []
    const running = await start(
      (event) => {
        events.push(event)
        return {
          key: `${event.keyPrefix}albums/7/film.mp4`,
          headers: { contentType: 'video/webm', contentDisposition: 'inline', cacheControl: 'max-age=60' },
        }
      },
      { authorize: () => ({ owner: 'anna', context: { plan: 'pro' } }) },
    )
    const request = { ...file.request, path: 'trip/holiday.mp4', metadata: { album: '7', title: '假期 1' } }
    const { status, body } = await running.api.open(request)
    expect(status).toBe(201)
    expect(events).toEqual([
      {
        owner: 'anna',
        context: { plan: 'pro' },
        file: { name: 'holiday.mp4', size: file.size, type: 'video/mp4', path: 'trip/holiday.mp4' },
        metadata: { album: '7', title: '假期 1' },
        keyPrefix: 'uploads/',
      },
    ])
    expect(body.upload.key).toMatch(new RegExp(`^uploads/albums/7/${random}/film\\.mp4$`, 'u'))
    expect(running.store.headers.get(body.upload.key)).toEqual({
      contentType: 'video/webm',
      contentDisposition: 'inline; filename="holiday.mp4"',
      cacheControl: 'max-age=60',
      metadata: { album: '7', title: '假期 1' },
    })
  })

  test('is asked about a new upload only, and not about one that is found again', async () => {
    let asked = 0
    const running = await start(() => ({ key: `uploads/${++asked}/` }))
    const [first, second] = await Promise.all([
      running.api.open(file.request),
      running.api.open(file.request),
    ])
    const third = await running.api.open(file.request)
    expect(asked).toBe(1)
    expect([second.body.upload.key, third.body.upload.key]).toEqual([
      first.body.upload.key,
      first.body.upload.key,
    ])
    expect(first.body.upload.key).toMatch(new RegExp(`^uploads/1/${random}/holiday\\.mp4$`, 'u'))
    await running.api.call('DELETE', `/api/uploads/${first.body.upload.id}`)
    await running.api.open(file.request)
    expect(asked).toBe(2)
  })

  test('is not asked where a limit refuses, nor where the file may be there already', async () => {
    let asked = 0
    const hook = () => void (asked += 1)
    const running = await start(hook, { limits: { openPerOwner: 1 } })
    const { body } = await running.api.open(file.request)
    expect((await refusedOpen(running.api, new TestFile(2).request)).status).toBe(429)
    await file.send(running.store, body.upload)
    await running.api.complete(body.upload.id, file.completeRequest)
    expect((await running.api.open({ ...file.request, unlessDone: true })).body).toHaveProperty('duplicates')
    expect(asked).toBe(1)
  })

  test('that says nothing leaves all as it is', async () => {
    const running = await start(() => undefined)
    const { body } = await running.api.open({ ...file.request, md5: file.md5 })
    expect(body.upload.key).toMatch(new RegExp(`^uploads/2026/11/22/${random}/holiday\\.mp4$`, 'u'))
    expect(body.upload.mode).toBe('single')
  })

  test('chooses the headers of a small file too', async () => {
    const running = await start(() => ({
      headers: { contentType: 'text/plain', contentDisposition: 'inline' },
    }))
    const { body } = await running.api.open({ ...file.request, md5: file.md5 })
    expect(body.access).toMatchObject({
      mode: 'put',
      headers: {
        'content-type': 'text/plain',
        'content-disposition': 'inline; filename="holiday.mp4"',
        'cache-control': '',
      },
    })
  })

  test.each([
    ['metadata', {}, { metadata: { album: '7' } }],
    ['cache control', { headers: { cacheControl: 'no-cache' } }, {}],
  ])(
    'a small file with %s is sent in parts, whose headers the page does not send',
    async (_, answer, more) => {
      const running = await start(() => answer)
      const { body } = await running.api.open({ ...file.request, md5: file.md5, ...more })
      expect(body.upload).toMatchObject({ mode: 'multipart' })
      await file.send(running.store, body.upload)
      expect((await running.api.complete(body.upload.id, file.completeRequest)).body.upload.state).toBe(
        'done',
      )
    },
  )
})

describe('a refusal by onOpen', () => {
  test.each([
    ['as it is', { refuse: 'Albums are closed.' }, 403, 'forbidden'],
    ['with its status', { refuse: 'Albums are closed.', status: 402 }, 402, 'forbidden'],
    ['for now', { refuse: 'Albums are closed.', status: 503 }, 503, 'internal'],
  ])('is told %s, and nothing is opened', async (_, answer, status, code) => {
    const running = await start(() => answer)
    expect(await refusedOpen(running.api)).toMatchObject({
      status,
      body: { status, code, detail: 'Albums are closed.' },
    })
    expect(await rowsOf(running)).toEqual([])
    expect(running.store.multipartUploads.size).toBe(0)
  })

  test('is of one file of a batch, and the others are opened', async () => {
    const running = await start(({ file: { name } }) => (name === 'b' ? { refuse: 'No b.' } : undefined))
    const open = ['a', 'b', 'c'].map((name, index) => {
      const { md5 } = new TestFile(index, 10)
      return { identity: name, name, size: 10, md5 }
    })
    const { body } = await running.api.call<{ opened: { status: number }[] }>('POST', '/api/uploads/batch', {
      open,
    })
    expect(body.opened.map(({ status }) => status)).toEqual([201, 403, 201])
  })
})

describe('an onOpen that does not do what it should opens nothing', () => {
  test('and is waited for so long', async () => {
    let aborted = false
    const running = await start(
      (_, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => (aborted = true))
        }),
      { hookTimeout: 5 },
    )
    const { status, body } = await refusedOpen(running.api)
    expect([status, body.code]).toEqual([504, 'internal'])
    expect(body.detail).toMatch(/not decide within 0\.005 s.*Try again/u)
    expect(aborted).toBe(true)
    expect(await rowsOf(running)).toEqual([])
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('the database of albums is away')
      },
    ],
    ['rejects', () => Promise.reject(new Error('the database of albums is away'))],
  ])('when it %s', async (_, hook) => {
    const running = await start(hook)
    const { status, body } = await refusedOpen(running.api)
    expect([status, body.code]).toEqual([500, 'internal'])
    expect(body.detail).not.toContain('albums')
    expect(reasonsIn(running.log)).toEqual(['the database of albums is away'])
    expect(await rowsOf(running)).toEqual([])
  })

  const long = 'x'.repeat(900)
  test.each([
    ['text', 'uploads/a'],
    ['a list', ['uploads/a']],
    ['a member that does not exist', { path: 'uploads/a' }],
    ['a key that is a number', { key: 7 }],
    ['no key, exactly', { exactKey: true }],
    ['a key that leaves the prefix', { key: 'elsewhere/a' }],
    ['a key above the prefix', { key: 'uploads/../secret/a' }],
    ['a key with ..', { key: 'uploads/a/../../b', exactKey: true }],
    ['a key that ends with ..', { key: 'uploads/..' }],
    ['a key with .', { key: 'uploads/./a' }],
    ['a key with a slash before it', { key: '/uploads/a' }],
    ['a key with an empty segment', { key: 'uploads//a' }],
    ['a key with a backslash', { key: 'uploads/a\\..\\b' }],
    ['a key with a control character', { key: 'uploads/a\nb' }],
    ['a key with NUL', { key: 'uploads/a\0b' }],
    ['a key with half a character', { key: 'uploads/\ud800' }],
    ['a key with a wildcard', { key: 'uploads/*', exactKey: true }],
    ['a key with a variable', { key: 'uploads/${aws:username}' }],
    ['a key with an escape', { key: 'uploads/%2e%2e/a' }],
    ['an exact folder', { key: 'uploads/a/', exactKey: true }],
    ['a key that is too long', { key: `uploads/${long}`, exactKey: true }],
    ['a key that gets too long', { key: `uploads/${'x'.repeat(840)}` }],
    ['a folder that is too long', { key: `uploads/${'x'.repeat(820)}/` }],
    ['exactKey that is text', { key: 'uploads/a', exactKey: 'yes' }],
    ['headers that are text', { headers: 'text/plain' }],
    ['a header that does not exist', { headers: { 'x-cos-acl': 'public-read' } }],
    ['a type that is none', { headers: { contentType: 'a\r\nx-cos-acl: public-read' } }],
    ['a disposition that is none', { headers: { contentDisposition: 'inline; filename=a' } }],
    ['cache control in two lines', { headers: { cacheControl: 'a\r\nx-cos-acl: public-read' } }],
    ['a refusal without words', { refuse: true }],
    ['a refusal with a status of success', { refuse: 'No.', status: 200 }],
  ])('when it answers %s', async (_, answer) => {
    const running = await start(() => answer as never)
    const { status, body } = await refusedOpen(running.api)
    expect([status, body.code]).toEqual([500, 'internal'])
    expect(reasonsIn(running.log)).toEqual([
      expect.stringMatching(/^onOpen returned a value that cannot be used: ./u),
    ])
    expect(await rowsOf(running)).toEqual([])
    expect(running.store.multipartUploads.size).toBe(0)
  })
})

describe('an exact key', () => {
  const exactly =
    (key: string): OnOpen =>
    () => ({ key, exactKey: true })

  test('is taken as it is, up to the last byte', async () => {
    const key = `uploads/${'中'.repeat(280)}${'x'.repeat(2)}`
    expect(Buffer.byteLength(key)).toBe(850)
    const { api } = await start(exactly(key))
    expect((await api.open(file.request)).body.upload.key).toBe(key)
  })

  test('works once: for one of many at once, and not again when that has ended', async () => {
    const running = await start(exactly('uploads/avatars/anna.png'))
    const opens = Array.from({ length: 5 }, (_, fill) =>
      refusedOpen(running.api, new TestFile(fill + 1).request),
    )
    const answers = await Promise.all(opens)
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([201, 409, 409, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('forbidden')
    const id = answers.find(({ status }) => status === 201)?.body.upload.id ?? ''
    await running.api.call('DELETE', `/api/uploads/${id}`)
    expect((await refusedOpen(running.api, new TestFile(9).request)).status).toBe(409)
    const bert = new ApiClient(running.server, { 'x-owner': 'bert' })
    expect((await refusedOpen(bert)).status).toBe(409)
  })

  test('never takes the place of an object that others put there', async () => {
    const running = await start(exactly('uploads/theirs'))
    await running.store.putObject('uploads/theirs', Buffer.from('theirs'))
    expect((await refusedOpen(running.api)).status).toBe(409)
    await running.server.sweep()
    expect(running.store.objects.get('uploads/theirs')?.toString()).toBe('theirs')
  })

  test('that two servers choose for one file is of one upload', async () => {
    const running = await start(exactly('uploads/same'))
    const other = new ApiClient(await running.another())
    const answers = await Promise.all([running.api.open(file.request), other.open(file.request)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201])
    expect(answers[0].body.upload.id).toBe(answers[1].body.upload.id)
  })
})

describe('metadata', () => {
  test.each([
    ['just fits', { a: 'x'.repeat(2_047) }, 201],
    ['is a byte too long', { a: 'x'.repeat(2_048) }, 400],
    ['is too long as it is stored', { a: '中'.repeat(228) }, 400],
    [
      'is too long in many pieces',
      Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`k${n}`, 'v'])),
      201,
    ],
    ['is too long together', Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, 'v'])), 400],
    ['has a name in upper case', { Album: '7' }, 400],
    ['has a name with a line feed', { 'a\nb': '7' }, 400],
    ['has a name that is too long', { ['a'.repeat(65)]: '7' }, 400],
    ['has no name', { '': '7' }, 400],
    ['has an empty value', { a: '' }, 400],
    ['has a number', { a: 7 }, 400],
    ['is a list', ['a'], 400],
    ['has line feeds in a value', { a: 'b\r\nx-cos-acl: public-read' }, 201],
    ['has half a character in a value', { a: '\ud800' }, 201],
  ])('that %s', async (_, metadata, status) => {
    const running = await start(undefined)
    const answer = await refusedOpen(running.api, { ...file.request, metadata })
    expect(answer.status).toBe(status)
    if (status === 201) return
    expect(answer.body.code).toBe('invalid-request')
    expect(answer.body.problems?.[0]?.path).toMatch(/^metadata/u)
    expect(await rowsOf(running)).toEqual([])
  })

  test('of an upload that is found again stays as it was', async () => {
    const running = await start(undefined)
    const first = await running.api.open({ ...file.request, metadata: { album: '7' } })
    const second = await running.api.open({ ...file.request, metadata: { album: '8' } })
    expect(second.body.upload.id).toBe(first.body.upload.id)
    expect(running.store.headers.get(first.body.upload.key)?.metadata).toEqual({ album: '7' })
  })
})
