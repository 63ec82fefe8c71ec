import { mkdtemp, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from './config.js'
import { serve } from './serve.js'
import type { Running } from './serve.js'

let place: string
let running: Running
const log: string[] = []

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'carryon-serve-'))
  const config = readConfig({ PORT: '0', LOCAL_STORE_PORT: '0', DATA_DIR: join(place, 'data') })
  running = await serve(config, pino({ level: 'info' }, { write: (line: string) => log.push(line) }))
})
afterAll(async () => {
  await running.close()
  await rm(place, { recursive: true })
})

/** Sends these lines over a raw connection and returns the raw response. */
async function answerTo(...lines: string[]): Promise<string> {
  const socket = connect(Number(new URL(running.url).port), '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk))
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  await once(socket, 'close')
  return received
}

test('a health check of HTTP/1.0, which has no Host, is answered', async () => {
  const answer = await answerTo('GET /healthz HTTP/1.0')
  expect(answer).toMatch(/^HTTP\/1\.[01] 200 /)
  expect(answer).toContain('{"status":"ok"}')
})

test.each(['xn--a', '1.2.3.4.5', 'a b', '[::1'])(
  'the Host %s, which is none, is answered 400 in words and logged',
  async (host) => {
    log.length = 0
    for (const path of ['/api/uploads', '/']) {
      const answer = await answerTo(`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close')
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(answer).toContain('"code":"invalid-request"')
      expect(answer).toContain('Ask for this server by its name or address')
    }
    expect(log).toHaveLength(2)
  },
)

test.each(['/', '/index.html', '/sts', '/metrics', '/api/uploads'])(
  'a name that is not this server’s gets nothing from %s, and words that say so',
  async (path) => {
    const answer = await answerTo(`GET ${path} HTTP/1.1`, 'Host: backend', 'Connection: close')
    expect(answer).toMatch(/^HTTP\/1\.1 421 /)
    expect(answer).toMatch(/backend.*proxy_set_header Host.*ALLOWED_HOSTS/)
  },
)

test('a balancer asks for the health by any name', async () => {
  const answer = await answerTo('GET /healthz HTTP/1.1', 'Host: 10.1.2.3:3000', 'Connection: close')
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
})

test('the data directory, the database and the key of the store are for this user alone', async () => {
  const rightsOf = async (name: string) => (await stat(join(place, 'data', name))).mode & 0o777
  expect(await rightsOf('.')).toBe(0o700)
  for (const name of ['carryon.sqlite', 'carryon.sqlite-wal', 'carryon.sqlite-shm', 'local-store-key.json']) {
    expect(await rightsOf(name), name).toBe(0o600)
  }
})
