import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ApiClient, type ProblemBody } from '../testing/api-client.js'
import { type Application, json, startApplication } from '../testing/application.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { httpAuth, type HttpAuthOptions } from './http-auth.js'

let application: Application
let setup: TestServer
let time: number
beforeEach(async () => {
  application = await startApplication(({ headers }, response) => {
    const user = /user=(\w+)/u.exec(headers['cookie'] ?? headers['authorization'] ?? '')?.[1]
    json(response, user === undefined ? 401 : 200, user === undefined ? {} : { owner: user })
  })
  time = Date.parse('2026-11-22T12:00:00Z')
})
afterEach(async () => {
  await setup.close()
  await application.close()
})

const start = async (options: Partial<HttpAuthOptions> = {}) =>
  (setup = await startTestServer({
    authorize: httpAuth({ url: `${application.url}/whoami?key=1`, now: () => new Date(time), ...options }),
  }))
const answerTo = (headers: Readonly<Record<string, string>>) =>
  new ApiClient(setup.server, headers).call<ProblemBody & { uploads?: unknown[] }>('GET', '/api/uploads')

describe('an application that is asked', () => {
  test('gets cookie and Authorization of the caller, and nothing else of the request', async () => {
    await start()
    expect(
      (await answerTo({ cookie: 'user=anna; a=b', authorization: 'Bearer x', 'x-other': '1' })).status,
    ).toBe(200)
    const { method, headers } = application.requests[0] ?? {}
    expect(method).toBe('GET')
    expect(headers).toMatchObject({ cookie: 'user=anna; a=b', authorization: 'Bearer x' })
    expect(headers).not.toHaveProperty('x-other')
  })

  test('is not asked for a caller who shows nothing', async () => {
    await start()
    expect((await answerTo({})).body).toMatchObject({ status: 401, detail: 'Sign in first.' })
    expect(application.requests).toHaveLength(0)
  })

  test('is asked once for many requests at a time and for some seconds, then again', async () => {
    await start()
    const answers = await Promise.all([1, 2, 3, 4].map(() => answerTo({ cookie: 'user=anna' })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    time += 9_999
    await answerTo({ cookie: 'user=anna' })
    expect(application.requests).toHaveLength(1)
    time += 1
    application.answer = (_, response) => json(response, 401, {})
    expect((await answerTo({ cookie: 'user=anna' })).status).toBe(401)
    expect(application.requests).toHaveLength(2)
  })

  test('is asked for each credential by itself, however alike two of them look', async () => {
    await start()
    const owners: string[] = []
    application.answer = (_, response) =>
      json(response, 200, { owner: `owner-${application.requests.length}` })
    for (const headers of [
      { cookie: 'a' },
      { authorization: 'a' },
      { cookie: 'a', authorization: 'a' },
      { cookie: 'a,a' },
      { cookie: 'a"],["a' },
      { cookie: '', authorization: 'a' },
    ] as Record<string, string>[]) {
      const opened = await new ApiClient(setup.server, headers).open({
        identity: `1:${'a'.repeat(64)}`,
        name: 'a',
        size: 20_000_000,
        type: '',
      })
      expect(opened.status).toBe(201)
      owners.push(opened.body.upload.id)
    }
    expect(application.requests).toHaveLength(6)
    expect(new Set(owners).size).toBe(6)
  })

  test('forgets callers rather than growing', async () => {
    await start({ cacheSeconds: 300 })
    application.answer = (_, response) => json(response, 200, { owner: 'anna' })
    for (let at = 0; at < 2_001; at++) await answerTo({ cookie: `c=${at}` })
    await answerTo({ cookie: 'c=2000' })
    expect(application.requests).toHaveLength(2_001)
    await answerTo({ cookie: 'c=0' })
    expect(application.requests).toHaveLength(2_002)
  }, 60_000)

  test.each<[string, number, string, string, number, string]>([
    [
      'JSON of its own',
      403,
      'application/json',
      '{"refuse":"Your account is blocked."}',
      403,
      'Your account is blocked.',
    ],
    ['problem details', 401, 'application/problem+json', '{"detail":"Signed out."}', 401, 'Signed out.'],
    ['plain text', 403, 'text/plain; charset=utf-8', 'Pay first.\n', 403, 'Pay first.'],
    ['a page', 403, 'text/html', '<h1>No</h1>', 403, 'You may not use this here.'],
    ['JSON with 200', 200, 'application/json', '{"refuse":"Too many.","status":429}', 429, 'Too many.'],
  ])('refuses by %s, and its sentence is passed on', async (_, status, type, text, expected, sentence) => {
    await start()
    application.answer = (__, response) => response.writeHead(status, { 'content-type': type }).end(text)
    expect((await answerTo({ cookie: 'user=anna' })).body).toMatchObject({
      status: expected,
      detail: sentence,
    })
    await answerTo({ cookie: 'user=anna' })
    expect(application.requests).toHaveLength(2)
  })

  test.each<[string, Application['answer'], string]>([
    [
      'redirects to a page of its own',
      (_, response) => response.writeHead(302, { location: '/login' }).end(),
      'redirect',
    ],
    ['fails', (_, response) => response.writeHead(500).end(), 'answered 500'],
    ['has no such address', (_, response) => response.writeHead(404).end(), 'answered 404'],
    ['answers a page', (_, response) => response.end('<html>'), 'not with JSON'],
    ['answers nothing', (_, response) => response.writeHead(204).end(), 'answered 204'],
    [
      'names nobody',
      (_, response) => json(response, 200, { user: 'anna' }),
      'not with JSON that has \\"owner\\"',
    ],
    [
      'answers without end',
      (_, response) => response.writeHead(200).end('x'.repeat(100_000)),
      'more than 16384 bytes',
    ],
    ['hangs up', (_, response) => response.destroy(), 'cannot be reached'],
    ['is slow', () => undefined, 'no answer within'],
    ['is slow in the middle', (_, response) => response.writeHead(200).write('{'), 'no answer within'],
  ])(
    'that %s leaves it open who it is: 503, and the log says why without the query',
    async (_, answer, why) => {
      await start({ timeout: 500 })
      application.answer = answer
      expect((await answerTo({ cookie: 'user=anna' })).status).toBe(503)
      const log = JSON.stringify(setup.log)
      expect(log).toContain(why)
      expect(log).not.toMatch(/key=1|user=anna/u)
    },
  )

  test('names no owner that cannot be one', async () => {
    await start()
    application.answer = (_, response) => json(response, 200, { owner: { id: 7 } })
    expect((await answerTo({ cookie: 'user=anna' })).status).toBe(401)
    application.answer = (_, response) => json(response, 200, { owner: 'anna', limits: { maxFileBites: 1 } })
    expect((await answerTo({ cookie: 'user=anna; b' })).status).toBe(500)
  })
})

test('options that cannot be used are named', async () => {
  await start()
  expect(() => httpAuth({ url: 'app.example.com/whoami' })).toThrow('http:// or https://')
  expect(() => httpAuth({ url: 'https://me:secret@app.example.com/' })).toThrow(
    'must not contain a user and password',
  )
  expect(() => httpAuth({ url: 'https://app.example.com/', cacheSeconds: 3_600 })).toThrow('0 to 300')
})
