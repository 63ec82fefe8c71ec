import { afterEach, describe, expect, test } from 'vitest'
import { type ApiOptions, type ApiUnderTest, startApi } from './support/api-under-test.js'
import { rawBytes, rawRequest } from './support/raw-request.js'

let api: ApiUnderTest | undefined
afterEach(async () => {
  await api?.close()
  api = undefined
})
const start = async (options: ApiOptions): Promise<ApiUnderTest> => (api = await startApi(options))
const paths = ['/api/uploads', '/sts', '/metrics', '/healthz', '/nothing']
/** Excludes `/healthz`, which load balancers request under whatever name they use for the machine. */
const guarded = paths.filter((path) => path !== '/healthz')
const portOf = ({ url }: ApiUnderTest) => new URL(url).port

describe('a server that knows its names', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'app.example.com.evil.example',
    '192.0.2.7',
  ])('answers nothing but its health under another one: %s', async (host) => {
    const { url, log } = await start({ allowedHosts: ['app.example.com'], stsAllowPrefix: 'own' })
    for (const path of guarded) {
      const answer = await rawRequest(url + path, { host })
      expect(answer.status, path).toBe(421)
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'misdirected', status: 421 })
      expect(answer.body).toContain('ALLOWED_HOSTS')
    }
    expect(log.filter((entry) => 'code' in entry && entry.code === 'misdirected')).toHaveLength(
      guarded.length,
    )
    expect((await rawRequest(`${url}/healthz`, { host })).status).toBe(200)
  })

  test('answers under its names, those of the loopback, and the address that was called', async () => {
    const running = await start({ allowedHosts: ['app.example.com', 'one.example.com:8443'] })
    const port = portOf(running)
    for (const host of [
      'app.example.com',
      'App.Example.com:444',
      'one.example.com:8443',
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      '127.0.0.53',
      '[::1]:3000',
      'page.localhost',
    ]) {
      expect((await rawRequest(`${running.url}/api/uploads`, { host })).status, host).toBe(200)
    }
    expect((await rawRequest(`${running.url}/api/uploads`, { host: 'one.example.com' })).status).toBe(421)
  })

  test.each([80, 443])('answers under a name given with port %i, which browsers leave out', async (port) => {
    const { url } = await start({ allowedHosts: [`app.example.com:${port}`] })
    expect((await rawRequest(`${url}/api/uploads`, { host: 'app.example.com' })).status).toBe(200)
  })

  test('takes the name from a proxy that it trusts', async () => {
    const { url } = await start({ allowedHosts: ['app.example.com'], trustForwarded: true })
    const through = (name: string) =>
      rawRequest(`${url}/api/uploads`, { host: 'inner', 'x-forwarded-host': name })
    expect((await through('app.example.com')).status).toBe(200)
    expect((await through('evil.example')).status).toBe(421)
  })

  test('that were not told believes every one', async () => {
    const { url } = await start({})
    expect((await rawRequest(`${url}/healthz`, { host: 'anything.example' })).status).toBe(200)
  })
})

describe('a Host that is none', () => {
  test.each(['xn--a', '1.2.3.4.5'])('%s is answered 400 in words, and logged', async (host) => {
    const { url, log } = await start({})
    const answer = await rawRequest(`${url}/api/uploads`, { host })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid-request' })
    expect(answer.body).toContain('Host')
    expect(log).toContainEqual(expect.objectContaining({ event: 'request', status: 400, severity: 'warn' }))
    for (const query of ['', '?signature=a&until=1']) {
      const file = await rawRequest(`${url}/api/uploads/a/object${query}`, { host, accept: 'text/html' })
      expect([file.status, file.headers['content-type']]).toMatchObject([
        400,
        expect.stringMatching(/^text\/html/),
      ])
    }
  })
})

describe('what no database can keep', () => {
  test.each(['/api/uploads/%00', '/api/uploads/a%00b/object', '/api/uploads/a%00b/parts'])(
    'GET %s is answered 400',
    async (path) => {
      const { url } = await start({})
      expect((await rawRequest(url + path)).status).toBe(400)
    },
  )

  test.each(['/api/uploads/%00/link', '/api/uploads/a%00b/access', '/api/uploads/a%00b/complete'])(
    'POST %s is answered 400',
    async (path) => {
      const { url } = await start({})
      const headers = { 'content-type': 'application/json' }
      const answer = await rawRequest(url + path, headers, 'POST', '{"size":1}')
      expect(answer.status).toBe(400)
      expect(answer.body).toContain('must be the id of an upload')
    },
  )

  test('as an id among others of a batch as well', async () => {
    const { url } = await start({})
    const body = JSON.stringify({ complete: [{ id: 'a\0b', size: 1, crc64: '1' }] })
    const headers = { 'content-type': 'application/json' }
    expect((await rawRequest(`${url}/api/uploads/batch`, headers, 'POST', body)).status).toBe(400)
  })
})

describe('a caller that goes away in the middle of its body', () => {
  test('is no error of this server', async () => {
    const { url, log } = await start({})
    const head = ['POST /api/uploads HTTP/1.1', 'Host: localhost', 'Content-Type: application/json']
    await rawBytes(url, [...head, 'Content-Length: 5000', '', '{"identity"'].join('\r\n'))
    await rawBytes(url, [...head, 'Transfer-Encoding: chunked', '', '5', '{"ide', ''].join('\r\n'))
    // The log entry is written after the handler has ended, which the caller cannot observe.
    await expect.poll(() => log.filter(({ event }) => event === 'request').length).toBe(2)
    for (const entry of log) expect(entry).toMatchObject({ severity: 'warn', status: 400 })
  })
})

describe('every answer', () => {
  test.each(paths)('of %s is what its type says, and no resource of other sites', async (path) => {
    const { url } = await start({})
    const { headers } = await rawRequest(url + path)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  })

  test('to ten thousand bad ETags is short', async () => {
    const { url } = await start({})
    const etags = Array.from({ length: 10_000 }, () => 0)
    const body = JSON.stringify({ size: -1, etags })
    expect(body.length).toBeLessThan(25_000)
    const headers = { 'content-type': 'application/json' }
    const answer = await rawRequest(`${url}/api/uploads/AAAA/complete`, headers, 'POST', body)
    expect(answer.status).toBe(400)
    expect(answer.body.length).toBeLessThan(8_000)
    expect(answer.body).toContain('more')
  })
})
