import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { OnDone, OnDoneEvent } from '../hooks/hook-types.js'
import { openDatabase } from '../repository/database.js'
import { UploadRepository } from '../repository/upload-repository.js'
import type { ServerOptions } from '../server-options.js'
import { ApiClient, type ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { hour, startTestServer, type TestServer } from '../testing/test-server.js'

let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})
const start = async (onDone: OnDone | undefined, options: Partial<ServerOptions> = {}): Promise<TestServer> =>
  (setup = await startTestServer({ onDone, ...options }))

const file = new TestFile()

/** Opens, sends and completes; returns the answer to the complete. */
async function finish({ api, store }: TestServer, one = file, more: object = {}) {
  const { upload } = (await api.open({ ...one.request, ...more })).body
  await one.send(store, upload)
  const { status, body } = await api.complete(upload.id, one.completeRequest)
  return { id: upload.id, key: upload.key, status, body: body as typeof body & ProblemBody }
}

/** A hook that fails until `works` is set, and all events that it received. */
function unsteady() {
  const events: OnDoneEvent[] = []
  const hook = {
    works: false,
    events,
    onDone: (event: OnDoneEvent) => {
      events.push(event)
      if (!hook.works) throw new Error('the application is away')
      return { data: { photo: 17 } }
    },
  }
  return hook
}

const backgroundErrors = ({ log }: TestServer) =>
  log.flatMap((entry) => (entry.event === 'background' ? [entry.error.message ?? entry.error.name] : []))

describe('onDone', () => {
  test('hears of the upload, and its answer is that of complete', async () => {
    const events: OnDoneEvent[] = []
    const running = await start(
      (event) => {
        events.push(event)
        return { data: { photo: 17, tags: ['a', 'b'] } }
      },
      {
        authorize: () => ({ owner: 'anna', context: { plan: 'pro' } }),
        publicBaseUrl: 'https://app.example/files',
        basePath: '',
      },
    )
    const { id, key, status, body } = await finish(running, file, { metadata: { album: '7' } })
    expect(status).toBe(200)
    expect(body.result).toEqual({ data: { photo: 17, tags: ['a', 'b'] } })
    expect(events).toMatchObject([
      {
        deliveryId: `done:${id}`,
        attempt: 1,
        owner: 'anna',
        context: { plan: 'pro' },
        metadata: { album: '7' },
        upload: {
          id,
          key,
          name: 'holiday.mp4',
          state: 'done',
          size: file.size,
          crc64: file.completeRequest.crc64,
          url: `https://app.example/files/api/uploads/${id}/object`,
        },
      },
    ])

    const again = await running.api.complete(id, file.completeRequest)
    expect(again.body.result).toEqual(body.result)
    expect((await running.api.call('GET', `/api/uploads/${id}`)).body).toMatchObject({ result: body.result })
    await running.server.sweep()
    expect(events).toHaveLength(1)
  })

  test('is answered to the owner of the upload alone', async () => {
    const running = await start(() => ({ data: 'for anna' }))
    const { id } = await finish(running)
    const bert = new ApiClient(running.server, { 'x-owner': 'bert' })
    expect((await bert.complete(id, file.completeRequest)).status).toBe(404)
    expect((await bert.call('GET', `/api/uploads/${id}`)).status).toBe(404)
  })

  test('hears of an upload whose complete was interrupted, from whoever opens it again', async () => {
    const events: OnDoneEvent[] = []
    const running = await start((event) => void events.push(event))
    const { upload } = (await running.api.open(file.request)).body
    await file.send(running.store, upload)
    running.store.loseAnswer('completeMultipartUpload', 'after')
    running.store.loseAnswer('headObject', 'before')
    expect((await running.api.complete(upload.id, file.completeRequest)).status).toBe(503)
    expect(events).toEqual([])
    expect((await running.api.open(file.request)).body.upload).toMatchObject({ id: upload.id, state: 'done' })
    expect(events).toMatchObject([{ deliveryId: `done:${upload.id}` }])
  })

  test('hears of it from the sweeper, when nobody does', async () => {
    const events: OnDoneEvent[] = []
    const running = await start((event) => void events.push(event))
    const { upload } = (await running.api.open(file.request)).body
    await file.send(running.store, upload)
    running.store.loseAnswer('completeMultipartUpload', 'after')
    running.store.loseAnswer('headObject', 'before')
    await running.api.complete(upload.id, file.completeRequest)
    expect(await running.server.sweep()).toMatchObject({ completed: 1, delivered: 1 })
    expect(events).toMatchObject([{ deliveryId: `done:${upload.id}` }])
  })

  test('hears of each small file of a batch', async () => {
    const running = await start(({ upload }) => ({ data: upload.name }))
    const files = [1, 2, 3].map((fill) => new TestFile(fill, 10))
    const complete: object[] = []
    for (const [index, one] of files.entries()) {
      const { upload } = (await running.api.open({ ...one.request, name: `${index}`, md5: one.md5 })).body
      await running.store.putObject(upload.key, one.content)
      complete.push({ id: upload.id, size: one.size, crc64: one.completeRequest.crc64 })
    }
    const { body } = await running.api.call<{ completed: object[] }>('POST', '/api/uploads/batch', {
      complete,
    })
    expect(body.completed).toMatchObject(
      ['0', '1', '2'].map((data) => ({ status: 200, body: { result: { data } } })),
    )
  })

  test('hears the context with which the upload was opened, not that of who completes it', async () => {
    let plan = 'pro'
    const contexts: unknown[] = []
    const running = await start(({ context }) => void contexts.push(context), {
      authorize: () => ({ owner: 'anna', context: { plan } }),
    })
    const { upload } = (await running.api.open(file.request)).body
    plan = 'free'
    await file.send(running.store, upload)
    await running.api.complete(upload.id, file.completeRequest)
    expect(contexts).toEqual([{ plan: 'pro' }])
  })

  test('is called once, however many completes come at once, from two servers', async () => {
    let calls = 0
    const running = await start(async () => {
      calls += 1
      await Promise.resolve()
    })
    const other = new ApiClient(await running.another())
    const { upload } = (await running.api.open(file.request)).body
    await file.send(running.store, upload)
    const completes = [1, 2, 3, 4].flatMap(() =>
      [running.api, other].map((api) => api.complete(upload.id, file.completeRequest)),
    )
    for (const { status } of await Promise.all(completes)) expect(status).toBe(200)
    expect(calls).toBe(1)
  })

  test('that was not there when the upload was finished is not called later', async () => {
    const running = await start(undefined)
    await finish(running)
    let calls = 0
    const later = await running.another({ onDone: () => void (calls += 1) })
    await later.sweep()
    expect(calls).toBe(0)
  })
})

describe('an onDone that fails', () => {
  test('is called again with the same delivery id until it works, however long it is away', async () => {
    const hook = unsteady()
    const running = await start(hook.onDone)
    const { id, status, body } = await finish(running)
    expect(status).toBe(200)
    expect(body.upload.state).toBe('done')
    expect(body).not.toHaveProperty('result')
    expect(backgroundErrors(running)).toEqual(['the application is away'])

    for (let minute = 0; minute < 60; minute += 1) {
      running.advance(60_000)
      await running.server.sweep()
    }
    // Each pause is about twice the one before.
    expect(hook.events.length).toBeGreaterThan(5)
    expect(hook.events.length).toBeLessThan(15)

    hook.works = true
    running.advance(2 * hour)
    expect((await running.server.sweep()).delivered).toBe(1)
    const ids = new Set(hook.events.map(({ deliveryId }) => deliveryId))
    expect([...ids]).toEqual([`done:${id}`])
    expect(hook.events.map(({ attempt }) => attempt)).toEqual(hook.events.map((_, index) => index + 1))
    const answered = await running.api.complete(id, file.completeRequest)
    expect(answered.body.result).toEqual({ data: { photo: 17 } })

    const calls = hook.events.length
    running.advance(48 * hour)
    await running.server.sweep()
    expect(hook.events).toHaveLength(calls)
  })

  test('is called again between two sweeps', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let heardAgain: (event: OnDoneEvent) => void = () => undefined
    const again = new Promise<OnDoneEvent>((resolve) => {
      heardAgain = resolve
    })
    const running = await start(
      (event) => {
        if (event.attempt === 1) throw new Error('away')
        heardAgain(event)
      },
      { sweepEvery: 24 * hour },
    )
    const { id } = await finish(running)
    running.advance(60_000)
    vi.advanceTimersByTime(10_000)
    expect(await again).toMatchObject({ deliveryId: `done:${id}`, attempt: 2 })
  })

  test('is not called by each repeated complete, but when its time has come', async () => {
    const hook = unsteady()
    const running = await start(hook.onDone)
    const { id } = await finish(running)
    for (let time = 0; time < 5; time += 1) await running.api.complete(id, file.completeRequest)
    expect(hook.events).toHaveLength(1)
    hook.works = true
    running.advance(hour)
    expect((await running.api.complete(id, file.completeRequest)).body.result).toEqual({
      data: { photo: 17 },
    })
  })

  test('does not keep the others waiting, and all of them are heard in the end', async () => {
    const hook = unsteady()
    const running = await start(hook.onDone)
    for (let fill = 1; fill <= 20; fill += 1) await finish(running, new TestFile(fill))
    running.advance(hour)
    const before = hook.events.length
    await running.server.sweep()
    // The application is down: not every pending delivery is tried.
    expect(hook.events.length - before).toBeLessThan(20)
    hook.works = true
    running.advance(hour)
    expect((await running.server.sweep()).delivered).toBe(20)
  })

  test('is waited for so long, and what it says later is dropped', async () => {
    let late: (answer: { refuse: string }) => void = () => undefined
    let aborted = false
    const running = await start(
      (_, { signal }) => {
        signal.addEventListener('abort', () => (aborted = true))
        return new Promise((resolve) => {
          late = resolve
        })
      },
      { hookTimeout: 5 },
    )
    const { id, status, body } = await finish(running)
    expect([status, body.upload.state]).toEqual([200, 'done'])
    expect(aborted).toBe(true)
    late({ refuse: 'Too late.' })
    expect((await running.api.complete(id, file.completeRequest)).status).toBe(200)
    expect(backgroundErrors(running)).toEqual(['the hook did not answer within 5 ms'])
  })

  test('that answers a refusal which cannot be read is called again, and the object stays', async () => {
    const running = await start(() => ({ refuse: true }) as never)
    const { key, status } = await finish(running)
    expect(status).toBe(200)
    expect(running.store.objects.has(key)).toBe(true)
    running.advance(hour)
    expect(await running.server.sweep()).toMatchObject({ delivered: 0, errors: 1 })
  })

  test.each([
    ['data that is no JSON', { data: () => 1 }],
    ['data in a circle', { data: circle() }],
    ['more data than is kept', { data: 'x'.repeat(8_191) }],
    ['text', 'done'],
  ])('to answer what can be used, but %s, is told to the log, and is not called again', async (_, answer) => {
    let calls = 0
    const running = await start(() => {
      calls += 1
      return answer as never
    })
    const { status, body } = await finish(running)
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('result')
    expect(backgroundErrors(running)).toHaveLength(1)
    running.advance(hour)
    await running.server.sweep()
    expect(calls).toBe(1)
  })
})

function circle(): unknown {
  const one: { self?: unknown } = {}
  one.self = one
  return one
}

describe('a refusal by onDone', () => {
  const refuse: OnDone = () => ({ refuse: 'This film is not suitable here.' })

  test('removes the object, and its sentence is what everybody is told from then on', async () => {
    const running = await start(refuse)
    const { id, key, status, body } = await finish(running)
    expect([status, body.code, body.detail]).toEqual([403, 'forbidden', 'This film is not suitable here.'])
    expect(running.store.objects.has(key)).toBe(false)
    for (const [method, path] of [
      ['POST', 'complete'],
      ['POST', 'access'],
      ['GET', 'parts'],
    ] as const) {
      const answer = await running.api.call<ProblemBody>(
        method,
        `/api/uploads/${id}/${path}`,
        method === 'POST' ? (path === 'complete' ? file.completeRequest : {}) : undefined,
      )
      expect(answer).toMatchObject({ status: 403, body: { detail: 'This film is not suitable here.' } })
    }
    expect((await running.api.call('GET', `/api/uploads/${id}/object`)).status).toBe(404)
    expect((await running.api.call('GET', `/api/uploads/${id}`)).body).toMatchObject({
      upload: { state: 'failed', url: null },
    })
    expect((await running.api.call('GET', '/api/uploads?state=done')).body).toMatchObject({ uploads: [] })
    expect((await running.api.open({ ...file.request, unlessDone: true })).status).toBe(201)
  })

  test('removes the object also when the store fails at first', async () => {
    const running = await start(refuse)
    running.store.loseAnswer('deleteObject', 'before')
    const { key, status } = await finish(running)
    expect(status).toBe(403)
    expect(running.store.objects.has(key)).toBe(true)
    await running.server.sweep()
    expect(running.store.objects.has(key)).toBe(false)
  })

  test('that comes by the sweeper ends the upload all the same', async () => {
    let away = true
    const running = await start(() => {
      if (away) throw new Error('away')
      return { refuse: 'No.' }
    })
    const { id, key } = await finish(running)
    away = false
    running.advance(hour)
    await running.server.sweep()
    expect(running.store.objects.has(key)).toBe(false)
    expect(await running.api.complete(id, file.completeRequest)).toMatchObject({
      status: 403,
      body: { detail: 'No.' },
    })
  })
})

test('an upload that became done while the process died is delivered by the next one', async () => {
  const events: OnDoneEvent[] = []
  const running = await start((event) => void events.push(event))
  const { upload } = (await running.api.open({ ...file.request, metadata: { album: '7' } })).body
  await file.send(running.store, upload)
  // State of the row after a process died right after its last change.
  const database = openDatabase({ file: running.file })
  const row = await new UploadRepository(database.tables).transition({ id: upload.id }, ['open'], {
    state: 'done',
    deliveryAt: Date.parse('2026-11-22T12:00:00Z'),
    url: `/api/uploads/${upload.id}/object`,
  })
  await database.close()
  expect(row?.deliveryAttempts).toBe(0)
  expect((await running.server.sweep()).delivered).toBe(1)
  expect(events).toMatchObject([{ deliveryId: `done:${upload.id}`, metadata: { album: '7' } }])
})
