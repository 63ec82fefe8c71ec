import { createServer as createHttpServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { conformanceCommand } from '../../apps/carryon/src/conformance/conformance-command.js'
import type { ConformanceOptions } from '../../apps/carryon/src/conformance/conformance-command.js'
import { startPythonBackend, whyNoPython } from '../support/python-backend.js'
import { startApi, secrets, type ApiOptions, type ApiUnderTest } from './support/api-under-test.js'
import { commandProgram } from './support/command-process.js'
import { smallestBackend } from './support/smallest-backend.js'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options: ApiOptions = {}): Promise<ApiUnderTest> {
  const api = await startApi(options)
  closing.push(() => api.close())
  return api
}

/** Serves `answer` in place of the server. */
async function serve(answer: (request: Request) => Promise<Response>): Promise<string> {
  const listener = getRequestListener(answer, { overrideGlobalObjects: false })
  const server = createHttpServer((incoming, outgoing) => void listener(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('There is no port.')
  return `http://127.0.0.1:${address.port}`
}

/** An address where nothing is listening any more. */
async function nowhere(): Promise<string> {
  const url = await serve(async () => new Response())
  await closing.pop()?.()
  return `${url}/api`
}

interface Run {
  readonly good: boolean
  readonly lines: readonly string[]
  /** Subjects of the printed lines with this mark. */
  readonly of: (mark: 'ok' | 'FAIL' | '-' | 'skipped' | 'left') => readonly string[]
}

async function run(api: string, options: Partial<ConformanceOptions> = {}): Promise<Run> {
  const lines: string[] = []
  const good = await conformanceCommand(api, { header: [], otherHeader: [], ...options }, (line) =>
    lines.push(line),
  )
  const of = (mark: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(9))
  return { good, lines, of }
}

describe('our own server', () => {
  it.each([
    ['with temporary credentials', {}],
    ['with signed URLs', { signedUrls: true }],
  ])('holds all of the contract %s, and nothing is left in the store', async (_, options) => {
    const { url, local, server } = await start(options)
    const { good, lines, of } = await run(`${url}/api`)
    expect(of('FAIL'), lines.join('\n')).toEqual([])
    expect(good).toBe(true)
    expect(of('skipped')).toEqual([])
    expect(of('-')).toEqual([
      'owner: is asked for: without credentials every call is refused',
      ...('signedUrls' in options ? ['grant: is for the one key of its upload'] : []),
    ])
    expect(of('left')).toEqual([])
    await server.sweep()
    expect((await server.unfinished()).uploads).toEqual([])
    const objects = local.journal.filter(({ operation }) => operation === 'DeleteObject').length
    expect(objects).toBeGreaterThan(0)
  })

  it('asks for credentials where it has been told whom to believe', async () => {
    const owners = new Map([
      ['Bearer a', 'anna'],
      ['Bearer b', 'ben'],
    ])
    const { url } = await start({
      authorize: (request) => {
        const owner = owners.get(request.headers.get('authorization') ?? '')
        return owner === undefined ? null : { owner }
      },
    })
    const options = { header: ['Authorization: Bearer a'], otherHeader: ['Authorization: Bearer b'] }
    const { good, lines, of } = await run(`${url}/api`, options)
    expect(of('FAIL'), lines.join('\n')).toEqual([])
    expect(good).toBe(true)
    expect(of('-')).toEqual([])
    await expect(run(`${url}/api`)).rejects.toThrow('--header')
  })
})

describe('backends of others', () => {
  beforeAll(() => {
    const reason = whyNoPython()
    if (reason !== null) console.warn(`carryon: the backend in Python is not tested: ${reason}.`)
  })

  it.skipIf(whyNoPython() !== null)('holds in Python what it offers', async () => {
    const { local } = await start()
    const python = await startPythonBackend({
      COS_SECRET_ID: secrets.secretId,
      COS_SECRET_KEY: secrets.secretKey,
      COS_URL: local.baseUrl,
      DATABASE: ':memory:',
      TOKENS: 'a=anna,b=ben',
    })
    closing.push(() => python.kill())
    const options = { header: ['Authorization: Bearer a'], otherHeader: ['Authorization: Bearer b'] }
    const { good, lines, of } = await run(python.api, options)
    expect(of('FAIL'), lines.join('\n')).toEqual([])
    expect(good).toBe(true)
    expect(of('-').map((line) => line.split(':')[0])).toEqual([
      'grant',
      'single',
      'single',
      'batch',
      'grows',
      'unlessDone',
      'rename',
      'remove',
      'limits',
    ])
  })

  it('names what the smallest one of the guide does without', async () => {
    const { store } = await start()
    const url = await serve(smallestBackend(store))
    const { of } = await run(`${url}/api`)
    expect(of('FAIL')).toEqual([
      'open: answers the same upload when it is asked again, and at the same time',
      'open: refuses a body that is not valid, with 400',
      'complete: refuses another size, and ETags that are too few, and leaves the upload open',
      'complete: makes the object and answers its size, checksum and address',
      'cancel: ends the upload at the store, and answers 204 when it is asked again',
      'cancel: never removes what is finished',
      'owner: has uploads that nobody else sees, continues, completes or cancels',
      'open: refuses a body that any foreign page can send',
    ])
  })
})

/** Faults of a backend, and the checks that find each. */
const faults: readonly (readonly [
  what: string,
  spoil: (request: Request, pass: (request: Request) => Promise<Response>) => Promise<Response>,
  found: readonly string[],
])[] = [
  [
    'a cancel that answers and does nothing',
    (request, pass) =>
      request.method === 'DELETE' && !request.url.endsWith('/object')
        ? Promise.resolve(new Response(null, { status: 204 }))
        : pass(request),
    [
      'cancel: ends the upload at the store, and answers 204 when it is asked again',
      'cancel: never removes what is finished',
    ],
  ],
  [
    'a refusal that is a page',
    async (request, pass) => {
      const response = await pass(request)
      return response.status === 409
        ? new Response('<h1>Conflict</h1>', { status: 409, headers: { 'content-type': 'text/html' } })
        : response
    },
    [
      'complete: names the parts that differ, and leaves the upload open',
      'cancel: never removes what is finished',
    ],
  ],
  [
    'a time in milliseconds',
    (request, pass) =>
      changed(request, pass, (body) => ({
        ...body,
        ...('serverTime' in body && { serverTime: Date.now() }),
      })),
    ['open: creates an upload, and answers it, a grant and the checksums'],
  ],
  [
    'an upload without an address',
    (request, pass) =>
      changed(request, pass, (body) =>
        'upload' in body ? { ...body, upload: { ...(body['upload'] as object), url: undefined } } : body,
      ),
    ['open: creates an upload, and answers it, a grant and the checksums'],
  ],
  [
    'a list that forgets what is finished',
    (request, pass) =>
      request.url.includes('state=done')
        ? Promise.resolve(Response.json({ uploads: [], next: null }))
        : pass(request),
    ['list: answers the finished uploads apart from the open ones'],
  ],
  [
    'a list that knows no pages',
    (request, pass) => changed(request, pass, (body) => ('next' in body ? { ...body, next: null } : body)),
    ['list: answers the open uploads, newest first, in pages'],
  ],
  [
    'a new name that is not kept',
    (request, pass) =>
      pass(request.method === 'PATCH' ? new Request(request.url, { headers: request.headers }) : request),
    ['rename: gives a finished upload another name'],
  ],
  [
    'a removal that answers and does nothing',
    (request, pass) =>
      request.method === 'DELETE' && request.url.endsWith('/object')
        ? Promise.resolve(new Response(null, { status: 204 }))
        : pass(request),
    ['remove: removes a finished object, by a call of its own'],
  ],
  [
    'limits without a size',
    (request, pass) => changed(request, pass, (body) => ('limits' in body ? { ...body, limits: {} } : body)),
    ['limits: says what may be uploaded'],
  ],
]

/** The response with a changed body. */
async function changed(
  request: Request,
  pass: (request: Request) => Promise<Response>,
  change: (body: Readonly<Record<string, unknown>>) => object,
): Promise<Response> {
  const response = await pass(request)
  if (!/json/.test(response.headers.get('content-type') ?? '') || response.status === 204) return response
  const body = change((await response.json()) as Readonly<Record<string, unknown>>)
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return new Response(JSON.stringify(body), { status: response.status, headers })
}

describe('a backend that is wrong', () => {
  it.each(faults)('is found: %s', async (_, spoil, found) => {
    const { server } = await start()
    const url = await serve((request) => spoil(request, async (asked) => server.fetch(asked)))
    const { good, of } = await run(`${url}/api`)
    expect(of('FAIL')).toEqual(expect.arrayContaining([...found]))
    expect(good).toBe(false)
  })

  it('that completes nothing passes no check of what is finished', async () => {
    const { server } = await start()
    const url = await serve(async (request) =>
      request.url.endsWith('/complete') ? new Response(null, { status: 500 }) : server.fetch(request),
    )
    const { of } = await run(`${url}/api`)
    expect(of('FAIL')).toContain('complete: makes the object and answers its size, checksum and address')
    expect(of('skipped').map((line) => line.split(':', 2).join(':'))).toEqual(
      expect.arrayContaining([
        'complete: answers the same when it is asked again',
        'list: answers the finished uploads apart from the open ones',
      ]),
    )
  })

  it('is no backend at all: said before anything is asked', async () => {
    const url = await serve(
      async () => new Response('<h1>Hello</h1>', { headers: { 'content-type': 'text/html' } }),
    )
    await expect(run(`${url}/api`)).rejects.toThrow('No backend answers')
    await expect(run(await nowhere())).rejects.toThrow('nothing listens')
    await expect(run('localhost:8080')).rejects.toThrow('is no address')
  })
})

it('is a command with an exit code', async () => {
  const { url } = await start()
  const command = await commandProgram()
  closing.push(() => command.remove())
  const good = await command.run(['conformance', `${url}/api`])
  expect(good.stdout).toMatch(/^required\nok +open: creates/)
  expect(good.stdout).toMatch(/\noptional\n/)
  expect(good.stdout).toMatch(/ 0 fail, /)
  expect(good.code).toBe(0)
  const bad = await command.run(['conformance', await nowhere()])
  expect(bad.stderr).toContain('nothing listens')
  expect(bad.code).toBe(1)
})
