import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fetchKeepingAlive } from './head-over-node.js'

const sockets: Socket[] = []
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(`${request.method ?? ''} ${request.headers.authorization ?? ''}`)
  response.writeHead(request.url === '/gone' ? 404 : 200, { 'content-length': '7', etag: '"a"' })
  response.end(request.method === 'HEAD' ? undefined : 'content')
})
server.on('connection', (socket) => sockets.push(socket))
let url: string

beforeEach(async () => {
  sockets.length = 0
  asked.length = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
})

const head = (path = '/', signal = new AbortController().signal) =>
  fetchKeepingAlive(url + path, { method: 'HEAD', headers: { authorization: 'q' }, signal })

test('one connection serves one HEAD after another', async () => {
  for (let count = 0; count < 5; count += 1) {
    const { status, headers, body } = await head()
    expect([status, headers.get('content-length'), headers.get('etag'), body]).toEqual([
      200,
      '7',
      '"a"',
      null,
    ])
  }
  expect((await head('/gone')).status).toBe(404)
  expect(sockets).toHaveLength(1)
  expect(new Set(asked)).toEqual(new Set(['HEAD q']))
})

test('a kept connection that the store has closed is no failure', async () => {
  await head()
  sockets[0]?.destroy()
  expect((await head()).status).toBe(200)
  expect(sockets).toHaveLength(2)
})

test('a store that is not there is one, and so is an abort', async () => {
  const controller = new AbortController()
  controller.abort(new Error('enough'))
  await expect(head('/', controller.signal)).rejects.toThrow()
  await expect(fetchKeepingAlive('http://127.0.0.1:1/', { method: 'HEAD' })).rejects.toThrow('ECONNREFUSED')
})

test('everything else goes as ever', async () => {
  expect(await (await fetchKeepingAlive(url)).text()).toBe('content')
})
