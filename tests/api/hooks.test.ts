import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createUploader } from '@carryon/client'
import { createCosStore } from '@carryon/object-store'
import { createServer, type OnDoneEvent, openDatabase } from '@carryon/server'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { freePorts } from '../support/free-ports.js'
import { programOf } from '../support/in-processes.js'
import { type ApiOptions, type ApiUnderTest, secrets, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest | undefined
afterEach(async () => {
  await api?.close()
  api = undefined
})
const start = async (options: ApiOptions): Promise<ApiUnderTest> =>
  (api = await startApi({ authorize: () => ({ owner: 'anna' }), ...options }))

const file = new SampleFile('hooks')

/** Headers of the stored object. */
async function headersOf(running: ApiUnderTest, key: string): Promise<Headers> {
  const { url } = await running.store.presign({ method: 'HEAD', key, expiresIn: 60 })
  return (await fetch(url, { method: 'HEAD' })).headers
}

describe('an application with hooks', () => {
  test('finds its key, headers and metadata at the object, and its data in the answer to complete', async () => {
    const running = await start({
      onOpen: ({ keyPrefix, metadata }) => ({
        key: `${keyPrefix}albums/${metadata['album'] ?? ''}/film.mp4`,
        headers: { contentType: 'video/webm', contentDisposition: 'inline', cacheControl: 'max-age=60' },
      }),
      onDone: ({ upload, metadata }) => ({ data: { film: upload.name, album: metadata['album'] } }),
    })
    const caller = new Caller(running)
    const metadata = { album: '7', title: '假期 100%' }
    const opened = (await caller.open({ ...file.request, metadata })).body
    await file.send(opened)
    const { status, body } = await caller.complete(opened.upload.id, await file.completeRequest())
    expect([status, body]).toMatchObject([200, { result: { data: { film: 'holiday.mp4', album: '7' } } }])

    const { key } = opened.upload
    expect(key).toMatch(/^uploads\/albums\/7\/[\w-]{22}\/film\.mp4$/u)
    const headers = await headersOf(running, key)
    expect(headers.get('content-type')).toBe('video/webm')
    expect(headers.get('content-disposition')).toBe('inline; filename="holiday.mp4"')
    expect(headers.get('cache-control')).toBe('max-age=60')
    expect(headers.get('x-cos-meta-album')).toBe('7')
    const title = headers.get('x-cos-meta-title') ?? ''
    expect([title, decodeURIComponent(title)]).toEqual(['%E5%81%87%E6%9C%9F%20100%25', '假期 100%'])
    expect(await file.isStored(running, opened.upload)).toBe(true)
  })

  test('finds its storage class, tags and encryption at the object', async () => {
    const running = await start({
      onOpen: () => ({
        headers: { storageClass: 'STANDARD_IA', tags: { plan: 'pro' }, encryption: { by: 'store' } },
      }),
    })
    const caller = new Caller(running)
    const opened = (await caller.open(file.request)).body
    await file.send(opened)
    expect((await caller.complete(opened.upload.id, await file.completeRequest())).status).toBe(200)
    const headers = await headersOf(running, opened.upload.key)
    expect(headers.get('x-cos-storage-class')).toBe('STANDARD_IA')
    expect(headers.get('x-cos-tagging-count')).toBe('1')
    expect(headers.get('x-cos-server-side-encryption')).toBe('AES256')
  })

  test('hears of metadata and folder from the client, which has its data with the result', async () => {
    const seen: unknown[] = []
    const running = await start({
      onOpen: ({ file: { path }, metadata }) => void seen.push([path, metadata]),
      onDone: ({ upload, metadata }) => ({ data: { row: `${upload.name} in ${metadata['album'] ?? ''}` } }),
    })
    const uploader = createUploader({ backend: `${running.url}/api` })
    onTestFinished(() => uploader.close())
    const metadata = { album: '7' }
    for (const bytes of [100, 9 * 2 ** 20]) {
      const picked = Object.defineProperty(
        new File([Buffer.alloc(bytes, 5)], 'a.mp4'),
        'webkitRelativePath',
        {
          value: 'films/a.mp4',
        },
      )
      const { data } = await uploader.upload(picked, { metadata }).done
      expect(data).toEqual({ row: 'a.mp4 in 7' })
    }
    expect(seen).toEqual([
      ['films/a.mp4', metadata],
      ['films/a.mp4', metadata],
    ])
    const tooLarge = uploader.upload(new File(['x'], 'x'), { metadata: { note: 'x'.repeat(2_100) } }).done
    await expect(tooLarge).rejects.toMatchObject({ code: 'invalid-request' })
  })

  test('refuses, and the page says its sentence', async () => {
    const running = await start({
      onOpen: ({ file: { name } }) => (name === 'no.mp4' ? { refuse: 'Albums are closed.' } : undefined),
      onDone: () => ({ refuse: 'This film is not suitable here.' }),
    })
    const uploader = createUploader({ backend: `${running.url}/api` })
    onTestFinished(() => uploader.close())
    const upload = (name: string, bytes: number) =>
      uploader.upload(new File([Buffer.alloc(bytes, 7)], name)).done
    await expect(upload('no.mp4', 100)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('Albums are closed.') as string,
    })
    for (const bytes of [100, 9 * 2 ** 20]) {
      await expect(upload('yes.mp4', bytes)).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('This film is not suitable here.') as string,
      })
    }
    expect((await running.server.unfinished()).uploads).toEqual([])
    expect(running.local.counters['DeleteObject']?.acknowledged).toBe(2)
  })

  test('has small files with headers of its own sent in parts, by pages that know nothing of it', async () => {
    const running = await start({ onOpen: () => ({ headers: { cacheControl: 'max-age=60' } }) })
    const uploader = createUploader({ backend: `${running.url}/api` })
    onTestFinished(() => uploader.close())
    const bodies = ['', 'a', 'bb', 'ccc'].map((text) => new File([text], `${text.length}.txt`))
    const results = await Promise.all(bodies.map((body) => uploader.upload(body).done))
    for (const { key, size } of results) {
      expect((await headersOf(running, key)).get('cache-control')).toBe('max-age=60')
      expect((await running.store.headObject(key))?.size).toBe(size)
    }
  })
})

test('a server that is killed while onDone runs tells the next one of the upload, under the same delivery id', async () => {
  const running = await start({})
  const folder = await mkdtemp(join(tmpdir(), 'carryon-killed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const database = join(folder, 'carryon.sqlite')
  const [port = 0] = await freePorts(1)
  const program = await programOf(join(import.meta.dirname, 'support/dying-process.ts'))
  onTestFinished(() => program.remove())
  const { baseUrl, url } = running.local
  const child = spawn(
    process.execPath,
    [program.file, database, String(port), baseUrl, url, secrets.secretId, secrets.secretKey],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('listening')

  const caller = new Caller({ url: `http://127.0.0.1:${port}` })
  const opened = (await caller.open({ ...file.request, metadata: { album: '7' } })).body
  await file.send(opened)
  const answered = caller.complete(opened.upload.id, await file.completeRequest()).catch(() => 'no answer')
  expect((await lines.next()).value).toBe(`onDone done:${opened.upload.id}`)
  const gone = once(child, 'close')
  child.kill('SIGKILL')
  await gone
  expect(await answered).toBe('no answer')

  const events: OnDoneEvent[] = []
  const next = createServer({
    store: createCosStore({
      location: running.store.location,
      credentials: { accessKeyId: secrets.secretId, secretAccessKey: secrets.secretKey },
    }),
    sts: null,
    database: openDatabase({ file: database }),
    authorize: () => ({ owner: 'anna' }),
    onDone: (event) => {
      events.push(event)
      return { data: 'heard' }
    },
    sweepEvery: 0,
    // Past the time by which the killed hook would have had to end.
    now: () => new Date(Date.now() + 3_600_000),
  })
  onTestFinished(() => next.close())
  await next.ready()
  expect((await next.sweep()).delivered).toBe(1)
  expect(events).toMatchObject([
    {
      deliveryId: `done:${opened.upload.id}`,
      attempt: 2,
      owner: 'anna',
      context: { plan: 'pro' },
      metadata: { album: '7' },
      upload: { id: opened.upload.id, state: 'done' },
    },
  ])
  const request = new Request(`http://app.test/api/uploads/${opened.upload.id}`)
  expect(await (await next.fetch(request)).json()).toMatchObject({ result: { data: 'heard' } })
})
