import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Application, json, startApplication } from '../testing/application.js'
import type { ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { hour, startTestServer, type TestServer } from '../testing/test-server.js'
import { verifyHook } from './signature.js'
import { type WebhookOptions, webhooks } from './webhooks.js'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const file = new TestFile()
let application: Application
let setup: TestServer
let time: number
const now = () => new Date(time)
beforeEach(async () => {
  time = Date.parse('2026-11-22T12:00:00Z')
  application = await startApplication((_, response) => response.writeHead(204).end())
})
afterEach(async () => {
  await setup.close()
  await application.close()
})

const start = async (options: Partial<WebhookOptions> = {}, hookTimeout = 10_000) =>
  (setup = await startTestServer({
    authorize: () => ({ owner: 'anna', context: { plan: 'pro' } }),
    ...webhooks({ url: `${application.url}/hooks?key=1`, secret, now, ...options }),
    hookTimeout,
  }))

const open = () => setup.api.open({ ...file.request, metadata: { album: '7' } })

async function finish() {
  const { upload } = (await open()).body
  await file.send(setup.store, upload)
  return { upload, answer: await setup.api.complete(upload.id, file.completeRequest) }
}

/** Verified messages that the application received. */
const messages = () =>
  Promise.all(
    application.requests.map(({ headers, body }) =>
      verifyHook({ secret, headers, body, tolerance: 2 * hour, now }),
    ),
  )

/** An application that answers by message type. */
function answering(answers: { open?: unknown; done?: unknown }): Application['answer'] {
  return ({ body }, response) => {
    const { type } = JSON.parse(body) as { type: string }
    const answer = type === 'upload.open' ? answers.open : answers.done
    if (answer === undefined) response.writeHead(204).end()
    else json(response, 200, answer)
  }
}

const causes = () => JSON.stringify(setup.log)

describe('an application in another language', () => {
  test('is sent what its hooks would get, signed, and its answers count', async () => {
    await start()
    application.answer = answering({
      open: { key: 'uploads/albums/7/', headers: { cacheControl: 'max-age=60' } },
      done: { data: { photo: 17 } },
    })
    const { upload, answer } = await finish()
    expect(answer.body).toMatchObject({ result: { data: { photo: 17 } } })
    expect(upload.key).toMatch(/^uploads\/albums\/7\/[\w-]{22}\/holiday\.mp4$/u)
    expect(application.requests.map(({ method, headers }) => [method, headers['content-type']])).toEqual([
      ['POST', 'application/json'],
      ['POST', 'application/json'],
    ])
    const common = { owner: 'anna', context: { plan: 'pro' }, metadata: { album: '7' } }
    expect(await messages()).toMatchObject([
      {
        id: expect.stringMatching(/^open:[\w-]{36}$/u) as string,
        message: {
          type: 'upload.open',
          timestamp: '2026-11-22T12:00:00.000Z',
          data: { ...common, file: { name: 'holiday.mp4', size: file.size }, keyPrefix: 'uploads/' },
        },
      },
      {
        id: `done:${upload.id}`,
        message: {
          type: 'upload.done',
          data: {
            ...common,
            deliveryId: `done:${upload.id}`,
            attempt: 1,
            upload: { id: upload.id, state: 'done' },
          },
        },
      },
    ])
  })

  test('hears of what it asks for alone', async () => {
    await start({ hooks: ['onDone'] })
    await finish()
    expect(application.requests.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'upload.done',
    ])
  })

  test('refuses with its sentence, before and after', async () => {
    await start()
    application.answer = answering({ open: { refuse: 'Albums are closed.', status: 402 } })
    expect((await open()).body).toMatchObject({ status: 402, detail: 'Albums are closed.' })
    application.answer = answering({ done: { refuse: 'This film is not suitable.' } })
    const { upload, answer } = await finish()
    expect(answer.body).toMatchObject({ status: 403, detail: 'This film is not suitable.' })
    expect(await setup.store.headObject(upload.key)).toBeNull()
  })

  test.each([
    ['leaves the prefix', 'albums/7/'],
    ['climbs out of it', 'uploads/../albums/'],
    ['climbs out of it encoded', 'uploads/%2e%2e/albums/'],
    ['is a wildcard of a policy', 'uploads/*'],
    ['is a variable of a form', 'uploads/${filename}'],
    ['is absolute', '/uploads/a'],
  ])('cannot answer a key that %s', async (_, key) => {
    await start()
    application.answer = answering({ open: { key } })
    const { status, body } = await open()
    expect([status, (body as unknown as ProblemBody).code]).toEqual([500, 'internal'])
    expect((await setup.server.unfinished()).uploads).toEqual([])
    expect(causes()).toContain('onOpen returned a value that cannot be used')
  })

  test.each<[string, Application['answer'], string]>([
    ['fails', (_, response) => json(response, 500, { data: 1 }), 'answered upload.open with 500'],
    ['redirects', (_, response) => response.writeHead(307, { location: '/elsewhere' }).end(), 'with 307'],
    ['answers a page', (_, response) => response.end('<html>'), 'not a JSON object'],
    ['answers a number', (_, response) => json(response, 200, 7), 'not a JSON object'],
    ['answers without end', (_, response) => response.end('{'.repeat(70_000)), 'more than 65536 bytes'],
    ['hangs up', (_, response) => response.destroy(), 'cannot be reached'],
    [
      'answers what is no decision',
      (_, response) => json(response, 200, { keys: 'uploads/a' }),
      'no member \\"keys\\"',
    ],
    [
      'refuses without a sentence',
      (_, response) => json(response, 200, { refuse: true }),
      'must be a sentence',
    ],
  ])('that %s opens nothing; the log says why, without secrets', async (_, answer, why) => {
    await start()
    application.answer = answer
    expect((await open()).status).toBe(500)
    expect((await setup.server.unfinished()).uploads).toEqual([])
    expect(application.requests).toHaveLength(1)
    expect(causes()).toContain(why)
    expect(causes()).not.toMatch(/key=1|whsec|v1,/u)
  })

  test('that is slow keeps nobody longer than a hook may take', async () => {
    await start({}, 1_000)
    application.answer = () => undefined
    expect((await open()).status).toBe(504)
    application.answer = answering({})
    const { upload } = (await open()).body
    await file.send(setup.store, upload)
    application.answer = (_, response) => response.writeHead(200).write('{')
    const { status, body } = await setup.api.complete(upload.id, file.completeRequest)
    expect([status, body.upload.state, body.result]).toEqual([200, 'done', undefined])
  })

  test('that is away for an hour hears of the upload when it is back, under the same id', async () => {
    await start({ hooks: ['onDone'] })
    application.answer = (_, response) => response.writeHead(503).end()
    const { upload, answer } = await finish()
    expect([answer.status, answer.body.result]).toEqual([200, undefined])
    let attempts = application.requests.length
    for (let minute = 0; minute < 60; minute++) {
      setup.advance(60_000)
      time += 60_000
      await setup.server.sweep()
    }
    // Retries at growing intervals: about a dozen.
    expect(application.requests.length - attempts).toBeGreaterThan(3)
    expect(application.requests.length - attempts).toBeLessThan(15)
    attempts = application.requests.length
    application.answer = answering({ done: { data: 'late' } })
    setup.advance(2 * hour)
    expect((await setup.server.sweep()).delivered).toBe(1)
    setup.advance(2 * hour)
    expect((await setup.server.sweep()).delivered).toBe(0)
    expect(application.requests).toHaveLength(attempts + 1)
    const sent = await messages()
    expect(new Set(sent.map(({ id }) => id))).toEqual(new Set([`done:${upload.id}`]))
    expect(sent.map(({ message }) => (message as { data: { attempt: number } }).data.attempt)).toEqual(
      sent.map((_, at) => at + 1),
    )
    expect((await setup.api.call('GET', `/api/uploads/${upload.id}`)).body).toMatchObject({
      result: { data: 'late' },
    })
  })
})

test('options that cannot be used are named, secrets not repeated', async () => {
  await start()
  expect(() => webhooks({ url: 'app/hooks', secret: 'whsec_secret' })).toThrow(
    /url must be an http.*secret must be whsec_ and the base64/u,
  )
  expect(() => webhooks({ url: application.url, secret: 'whsec_c2hvcnQ=' })).not.toThrow(/c2hvcnQ/u)
  expect(() => webhooks({ url: application.url, secret: [] })).toThrow('secret is missing')
})
