import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileOwner } from '@carryon/client/node'
import { expect, it, onTestFinished } from 'vitest'
import { reachServer } from './server-connection.js'

/** Starts a server whose every response names the owner `key`. */
async function serverKnowing(key: string): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'carryon-owner': key }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
}

it('a key that the server does not know any more is kept, and the user is told where', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carryon-contact-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const api = await serverKnowing('new')
  const owner = fileOwner(folder, api)
  await owner.claim('old')
  const said: string[] = []
  const waitOptions = {
    timeout: 5,
    say: (line: string) => void said.push(line),
    signal: AbortSignal.timeout(20_000),
  }

  await reachServer({ api, headers: {}, owner }, waitOptions)
  expect(await owner.get()).toBe('new')
  expect(said).toHaveLength(1)
  const [, path = ''] = /does not know .* earlier .*: (\S+\.json\.1)/u.exec(said[0] ?? '') ?? []
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ server: api, key: 'old' })

  await reachServer({ api, headers: {}, owner }, waitOptions)
  expect(said).toHaveLength(1)
})
