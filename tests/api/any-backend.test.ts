import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { webhooks } from '@carryon/server'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const file = new SampleFile('any backend')
const guide = join(import.meta.dirname, '../../docs/guides/any-backend.md')
/** Inside the workspace, so that the specification's library can be resolved. */
const output = join(import.meta.dirname, '../output')

let folder: string
let child: ChildProcess | undefined
let api: ApiUnderTest | undefined
beforeEach(async () => {
  await mkdir(output, { recursive: true })
  folder = await mkdtemp(join(output, 'receiver-'))
})
afterEach(async () => {
  await api?.close()
  api = undefined
  if (child !== undefined && child.exitCode === null) {
    const gone = once(child, 'close')
    child.kill('SIGKILL')
    await gone
  }
  await rm(folder, { recursive: true })
})

/** Runs the named program exactly as printed in the guide. */
async function startReceiver(name: string, command: string): Promise<string> {
  const blocks = (await readFile(guide, 'utf8')).split(/^```\w*\n/mu)
  const code = blocks.find((block) => block.split('\n', 1)[0]?.endsWith(` ${name}`))?.split('```', 1)[0] ?? ''
  const program = join(folder, name)
  await writeFile(program, code)
  child = spawn(command, [program], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', HOOK_SECRET: secret, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout === null) throw new Error('a receiver without output')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const [, port = ''] = /^listening on (\d+)$/u.exec(String((await lines.next()).value)) ?? []
  return `http://127.0.0.1:${port}/`
}

/** Posts a message signed by the specification's library, with parts changed after signing. */
function post(url: string, changes: { age?: number; body?: string; headers?: Record<string, string> } = {}) {
  const body = JSON.stringify({ type: 'upload.done', data: { upload: { id: '1' } } })
  const sentAt = new Date(Date.now() - (changes.age ?? 0) * 1_000)
  const headers = {
    'webhook-id': 'done:1',
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign('done:1', sentAt, body),
    ...changes.headers,
  }
  return fetch(url, { method: 'POST', headers, body: changes.body ?? body })
}

const hasPython = spawnSync('python3', ['--version']).status === 0

describe.each([
  ['receiver.mjs', process.execPath, true],
  ['receiver.py', 'python3', hasPython],
])('the receiver of the guide, %s', (name, command, canRun) => {
  test.runIf(canRun)('is asked and told by the server, and its answers count', async () => {
    const url = await startReceiver(name, command)
    api = await startApi({ authorize: () => ({ owner: 'anna' }), ...webhooks({ url, secret }) })
    const caller = new Caller(api)
    const metadata = { album: '7', title: '假期' }
    const opened = (await caller.open({ ...file.request, metadata })).body
    expect(opened.upload.key).toMatch(/^uploads\/albums\/7\//u)
    await file.send(opened)
    const { body } = await caller.complete(opened.upload.id, await file.completeRequest())
    expect(body).toMatchObject({ result: { data: { photo: 1 } } })
    // A repeated message yields the same photo.
    expect(await api.server.deliveries.resend(opened.upload.id)).toBe('delivered')
    expect((await caller.get(`/api/uploads/${opened.upload.id}`)).body).toMatchObject({
      result: { data: { photo: 1 } },
    })
    const refused = await caller.open({ ...new SampleFile('other').request, metadata: { album: '8' } })
    expect(refused.body).toMatchObject({ status: 404, detail: 'There is no such album.' })
  })

  test.runIf(canRun)('believes what the library of the specification signed, and nothing else', async () => {
    const url = await startReceiver(name, command)
    expect((await post(url)).status).toBe(200)
    const other = new Webhook(Buffer.alloc(32, 1).toString('base64')).sign('done:1', new Date(), '{}')
    const forged = await Promise.all([
      post(url, { body: '{"type":"upload.done","data":{"upload":{"id":"2"}}}' }),
      post(url, { headers: { 'webhook-id': 'done:2' } }),
      post(url, { headers: { 'webhook-signature': other } }),
      post(url, { headers: { 'webhook-signature': '' } }),
      post(url, { headers: { 'webhook-signature': 'v1,' } }),
      post(url, { headers: { 'webhook-timestamp': 'now' } }),
      // Replayed: too old, or from the future.
      post(url, { age: 310 }),
      post(url, { age: -310 }),
    ])
    expect(forged.map(({ status }) => status)).toEqual(forged.map(() => 401))
  })
})
