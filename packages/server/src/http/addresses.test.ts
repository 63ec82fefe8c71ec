import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../repository/database.js'
import { createServer } from '../server.js'
import { MemoryStore } from '@carryon/testing'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { ServerOptions } from '../server-options.js'

let running: TestServer | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

async function started(options: Partial<ServerOptions> = {}) {
  running = await startTestServer(options)
  return running.server
}

const open = { identity: '1:9:a', name: 'a.bin', size: 9 }

/** Opens an upload at `url` with these headers. */
async function openAt(
  server: { fetch: (request: Request) => Promise<Response> },
  url: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const request = new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(open),
  })
  const answer = await server.fetch(request)
  return {
    status: answer.status,
    cookies: answer.headers.getSetCookie(),
    body: (await answer.json()) as Body,
  }
}

interface Body {
  readonly upload?: { readonly id: string }
  readonly code?: string
  readonly detail?: string
  readonly received?: string
  readonly expected?: string
}

test.each([undefined, ['app.example.com']])(
  'a Host that is none is not the server (%j)',
  async (allowedHosts) => {
    const { answersFor } = await started(allowedHosts === undefined ? {} : { allowedHosts })
    // A plain object, as adapters pass it: the standard `Request` rejects such URLs.
    const to = (host: string) => ({ url: `http://${host}/page`, headers: new Headers() }) as Request
    expect(['xn--a', '1.2.3.4.5', 'app.example.com'].map((host) => answersFor(to(host)))).toEqual([
      false,
      false,
      true,
    ])
  },
)

describe('the path at which a server is mounted', () => {
  test.each(['http://app.test/files/api/uploads', 'http://app.test/api/uploads'])(
    '%s is found, whether a proxy took the path off or not',
    async (url) => {
      const server = await started({ basePath: '/files' })
      expect((await openAt(server, url)).status).toBe(201)
    },
  )

  test('is no part of a longer name', async () => {
    const server = await started({ basePath: '/files' })
    const answer = await server.fetch(new Request('http://app.test/filesystem/healthz'))
    expect(answer.status).toBe(404)
  })

  test('is not in the cookie of an anonymous owner, which is of the whole host', async () => {
    const store = new MemoryStore()
    const database = openDatabase({ file: ':memory:' })
    const publicBaseUrl = 'https://example.com/files/'
    const server = createServer({ store, sts: null, database, publicBaseUrl, sweepEvery: 0 })
    onTestFinished(() => server.close())
    const { cookies } = await openAt(server, 'http://127.0.0.1:3000/api/uploads')
    // The prefix that protects a cookie from sibling hosts does not allow another path (RFC 6265bis, 4.1.3.2).
    expect(cookies[0]).toMatch(/^__Host-/u)
    expect(cookies[0]).toMatch(/; Path=\/;/u)
    expect(cookies[0]).toMatch(/; Secure/u)
  })

  test.each(['/api', '/sts/x', '/a b', '/a/../b', '/ä'])('cannot be %j', async (basePath) => {
    await expect(started({ basePath })).rejects.toThrow('basePath')
  })
})

describe('the link of a finished upload', () => {
  /** The object's URL in the list for a caller with these headers. */
  const linkSeen = async (
    options: Partial<ServerOptions>,
    headers: Readonly<Record<string, string>>,
  ): Promise<string> => {
    const server = await started(options)
    const file = new TestFile()
    const { upload } = (await running?.api.open(file.request))?.body ?? {}
    if (running === undefined || upload === undefined) throw new Error('nothing was opened')
    await file.send(running.store, upload)
    await running.api.complete(upload.id, file.completeRequest)
    const list = new Request('http://127.0.0.1:3000/api/uploads?state=done', { headers })
    const { uploads } = (await (await server.fetch(list)).json()) as { uploads: { url: string }[] }
    return uploads[0]?.url.replace(upload.id, 'ID') ?? ''
  }

  test.each([
    ['the address in the request', {}, {}, 'http://127.0.0.1:3000'],
    [
      'the public address',
      { publicBaseUrl: 'https://example.com/files/' },
      { 'sec-fetch-site': 'same-origin', referer: 'http://127.0.0.1:3000/' },
      'https://example.com/files',
    ],
    ['the path it is mounted at', { basePath: 'files' }, {}, 'http://127.0.0.1:3000/files'],
    [
      'the page behind a proxy of a development server',
      {},
      { 'sec-fetch-site': 'same-origin', referer: 'http://localhost:5173/app/' },
      'http://localhost:5173',
    ],
    [
      'no page that a stranger names',
      {},
      { 'sec-fetch-site': 'cross-site', referer: 'https://elsewhere.example.com/' },
      'http://127.0.0.1:3000',
    ],
  ])('leads to %s', async (_, options, headers, base) => {
    expect(await linkSeen(options, headers)).toBe(`${base}/api/uploads/ID/object`)
  })

  test('is the CDN, whatever the address', async () => {
    const options = { publicUrlBase: 'https://cdn.example.com', publicBaseUrl: 'https://example.com/files' }
    expect(await linkSeen(options, {})).toMatch(/^https:\/\/cdn\.example\.com\/uploads\//u)
  })
})

describe('a page that calls', () => {
  const url = 'http://127.0.0.1:3000/api/uploads'

  test.each([
    ['no page', {}],
    ['its own page, by the address in the request', { origin: 'http://127.0.0.1:3000' }],
    [
      'its own page behind a proxy that hands on another Host',
      { origin: 'https://files.example.com', 'sec-fetch-site': 'same-origin' },
    ],
  ])('is let in when it is %s', async (_, headers) => {
    expect((await openAt(await started(), url, headers)).status).toBe(201)
  })

  test.each(['https://files.example.com', 'http://127.0.0.1:3000'])(
    'is let in from %s when that is the public address, or the one in the request',
    async (origin) => {
      const server = await started({ publicBaseUrl: 'https://files.example.com/x' })
      expect((await openAt(server, url, { origin })).status).toBe(201)
    },
  )

  test.each([
    ['http://127.0.0.1:3001', {}],
    ['https://elsewhere.example.com', { 'sec-fetch-site': 'cross-site' }],
    ['https://app.files.example.com', { 'sec-fetch-site': 'same-site' }],
  ])('is refused from %s, and told what was expected and what to set', async (origin, headers) => {
    const { status, body } = await openAt(await started(), url, { origin, ...headers })
    expect(status).toBe(403)
    expect(body).toMatchObject({
      code: 'forbidden-origin',
      received: origin,
      expected: 'http://127.0.0.1:3000',
    })
    expect(body.detail).toContain('PUBLIC_BASE_URL')
    expect(body.detail).toContain('ALLOWED_ORIGINS')
  })

  test('of an app with a scheme of its own is let in when it is allowed', async () => {
    const server = await started({ allowedOrigins: ['capacitor://localhost'] })
    expect((await openAt(server, url, { origin: 'capacitor://localhost' })).status).toBe(201)
    expect((await openAt(server, url, { origin: 'tauri://localhost' })).status).toBe(403)
  })
})
