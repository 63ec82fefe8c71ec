import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { type CommandProgram, commandProgram, type RunOptions } from './support/command-process.js'

let program: CommandProgram
let api: ApiUnderTest
let folder: string
beforeAll(async () => {
  program = await commandProgram()
})
afterAll(() => program.remove())
beforeEach(async () => {
  api = await startApi()
  folder = await mkdtemp(join(tmpdir(), 'carryon-process-'))
})
afterEach(async () => {
  await api.close()
  await rm(folder, { recursive: true, force: true })
})

const run = (args: readonly string[], options: RunOptions = {}) =>
  program.run(['upload', ...args], {
    ...options,
    environment: { XDG_STATE_HOME: folder, TMPDIR: folder, ...options.environment },
  })
const upload = (args: readonly string[], options: RunOptions = {}) =>
  run(['--server', api.url, '--link', ...args], options)

/** What anybody gets from an address. */
async function download(url: string) {
  const answer = await fetch(url.trim())
  const disposition = answer.headers.get('content-disposition') ?? ''
  return {
    bytes: Buffer.from(await answer.arrayBuffer()),
    type: answer.headers.get('content-type'),
    disposition,
  }
}

/** Number of request bodies that the store acknowledged. */
function storedBodies(): number {
  const { PutObject, PostObject, UploadPart } = api.local.counters
  return [PutObject, PostObject, UploadPart].reduce((sum, each) => sum + (each?.acknowledged ?? 0), 0)
}

describe('carryon upload, as a process,', () => {
  test('stores what is piped in under the name that is given, and leaves no copy', async () => {
    const bytes = randomBytes(3_000_000)
    const input = Readable.from([bytes.subarray(0, 1_000), bytes.subarray(1_000)])
    const { code, stdout, stderr } = await upload(['-', '--name', 'backup.tar.gz'], { input })
    expect([code, stderr]).toEqual([0, expect.stringContaining('works for everybody until')])
    const found = await download(stdout)
    expect(found.bytes.equals(bytes)).toBe(true)
    expect(found.type).toBe('application/gzip')
    expect(found.disposition).toContain('backup.tar.gz')
    expect((await readdir(folder)).filter((name) => name.includes('spool'))).toEqual([])
  })

  test('stores what comes out of a named pipe', async () => {
    const pipe = join(folder, 'film.mkv')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    const bytes = randomBytes(200_000)
    const writing = Promise.resolve().then(() => createWriteStream(pipe).end(bytes))
    const { code, stdout } = await upload([pipe])
    await writing
    expect(code).toBe(0)
    const found = await download(stdout)
    expect(found.bytes.equals(bytes)).toBe(true)
    expect(found.type).toMatch(/matroska/u)
  })

  test.skipIf(!existsSync('/proc/version'))('stores what a file of /proc holds', async () => {
    const { code, stdout } = await upload(['/proc/version'])
    expect(code).toBe(0)
    expect((await download(stdout)).bytes.toString()).toBe(await readFile('/proc/version', 'utf8'))
  })

  test.each([
    ['a folder', '/tmp', 'it is a folder'],
    ['an empty device', '/dev/null', 'it is a device'],
    ['an endless device', '/dev/zero', 'it is a device'],
    ['nothing', '/tmp/carryon-there-is-no-such-file', 'there is no such file'],
  ])('refuses %s in words', async (_, path, words) => {
    const { code, stdout, stderr } = await upload([path])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`${path}: ${words}`)
    expect(stderr).not.toMatch(/^ +at /mu)
    expect(storedBodies()).toBe(0)
  })

  test('refuses a pipe out of which nothing comes', async () => {
    const { code, stderr } = await upload(['-'], { input: Readable.from([]) })
    expect([code, stderr]).toEqual([1, expect.stringContaining('nothing came out of it')])
    expect(storedBodies()).toBe(0)
  })

  test('can be stopped while a pipe says nothing', async () => {
    const pipe = join(folder, 'silent')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    const { code, stderr } = await upload([pipe], {
      // Output after this point must not end the process a second time.
      onSaid: (said, end) => {
        if (said.endsWith('to its end\n')) end('SIGINT')
      },
    })
    expect([code, stderr]).toEqual([1, expect.stringContaining('Stopped.')])
  })

  test('makes one owner of four that start at once for the first time', async () => {
    const files = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => {
        const path = join(folder, name)
        await writeFile(path, randomBytes(1_000))
        return path
      }),
    )
    const runs = await Promise.all(files.map((file) => run(['--server', api.url, file])))
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    const state = join(folder, 'carryon')
    const owners = (await readdir(state)).filter((name) => name.startsWith('owner'))
    expect(owners).toHaveLength(1)
    const { key } = JSON.parse(await readFile(join(state, owners[0] ?? ''), 'utf8')) as { key: string }
    const listed = await fetch(`${api.url}/api/uploads?state=done`, { headers: { 'carryon-owner': key } })
    const { uploads } = (await listed.json()) as { uploads: readonly { name: string; url: string }[] }
    expect(uploads.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'd'])
    expect(runs.map(({ stdout }) => stdout.trim()).sort()).toEqual(uploads.map(({ url }) => url).sort())
    for (const { stderr } of runs) expect(stderr).toContain('works only with the key')
  })
})

/** A foreign server on a free port. */
async function someServer(answer: RequestListener, tls = false): Promise<number> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
  const server = tls ? createTlsServer({ key, cert }, answer) : createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

describe('carryon upload that gets no answer', () => {
  const file = join(import.meta.dirname, 'upload-process.test.ts')

  test('fails at once for a certificate that is not accepted', async () => {
    const port = await someServer((_, answer) => answer.end(), true)
    const { code, stderr } = await run(['--server', `https://127.0.0.1:${port}`, file])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/certificate of 127\.0\.0\.1:\d+/u)])
    expect(stderr).not.toMatch(/^ +at /mu)
  })

  test('fails at once for https where http is spoken, and the other way round', async () => {
    const toHttp = await run(['--server', api.url.replace('http:', 'https:'), file])
    expect([toHttp.code, toHttp.stderr]).toEqual([1, expect.stringContaining('is it http://')])
    const port = await someServer((_, answer) => answer.end(), true)
    const toHttps = await run(['--server', `http://127.0.0.1:${port}`, '--timeout', '1s', file])
    expect([toHttps.code, toHttps.stderr]).toEqual([1, expect.stringContaining(`127.0.0.1:${port}`)])
  })

  test('says that nothing listens, and gives up after its time', async () => {
    const { url } = api
    await api.close()
    const { code, stderr } = await run(['--server', url, '--timeout', '1s', file])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^waiting: nothing listens at 127/mu)
    expect(stderr).toContain('No answer for 1 second')
    api = await startApi()
  })

  test('gives up with the cause when the store is gone', async () => {
    await api.local.close()
    const { code, stderr } = await run(['--server', api.url, '--timeout', '2s', file])
    expect(code).toBe(1)
    expect(stderr).toContain('No answer for 2 seconds')
    expect(stderr).toContain('the same command resumes from here')
  })

  test('says what answers where no server of ours is', async () => {
    const html = { 'content-type': 'text/html' }
    const port = await someServer((_, answer) => answer.writeHead(404, html).end('<h1>Not here</h1>'))
    const { code, stderr } = await run(['--server', `http://127.0.0.1:${port}/files`, file])
    expect([code, stderr]).toEqual([1, expect.stringContaining(`:${port}/files/ (404, text/html)`)])
  })

  test('shows what a server says as text, whatever is in it', async () => {
    const problem = JSON.stringify({
      code: 'too-large',
      detail: 'no \u001b]0;owned\u0007\u001b[2J\u009b31m\rroom',
    })
    const port = await someServer((_, answer) =>
      answer.writeHead(413, { 'content-type': 'application/problem+json' }).end(problem),
    )
    const { code, stdout, stderr } = await run(['--server', `http://127.0.0.1:${port}`, file])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('room')
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u)
  })
})
