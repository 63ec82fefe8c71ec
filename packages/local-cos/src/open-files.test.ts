import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { encodeTrailer } from './storage/object-record.js'
import { authorization, testBytes, type Call } from './testing/client.js'
import { openFilesBelow } from './testing/open-files.js'
import { bucket, credentials, startTestStore } from './testing/store.js'

const path = `/${bucket}/a`

/** Stores an object as an earlier version would have, with a header that cannot be returned. */
async function storeUnanswerable(directory: string, key: string): Promise<void> {
  const name = createHash('sha256').update(key).digest('hex')
  const folder = join(directory, 'buckets', bucket, 'objects', name.slice(0, 2))
  await mkdir(folder, { recursive: true })
  const record = {
    key,
    size: 1,
    etag: 'e'.repeat(32),
    crc64: '1',
    lastModified: 0,
    headers: { 'x-cos-storage-class': 'Ÿ', 'content-type': 'a/b\nc: d' },
  }
  await writeFile(join(folder, name), Buffer.concat([Buffer.from('x'), encodeTrailer(record)]))
}

it('are closed whatever becomes of a request', { timeout: 240_000 }, async () => {
  const { client, store, directory } = await startTestStore()
  await client.call({ method: 'PUT', path, body: testBytes(300_000) })
  await storeUnanswerable(directory, 'old')
  expect(await openFilesBelow(join(directory, 'buckets'))).toBe(0)
  const failing: readonly Partial<Call>[] = [
    { headers: { range: 'bytes=300000-' } },
    { headers: { 'if-match': '"other"' } },
    { headers: { 'if-none-match': '*' } },
    { headers: { range: 'bytes=0-1, 4-5' } },
    { path: `/${bucket}/old` },
    { path: `/${bucket}/missing` },
    { query: { uploadId: 'x' } },
    { query: { 'response-content-type': 'a\u0000\nb' } },
    { method: 'PUT', body: Buffer.from('x'), headers: { 'x-cos-storage-class': '\u00ff' } },
    { method: 'PUT', body: 'x', headers: { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' } },
  ]
  for (let round = 0; round < 300; round++) {
    await Promise.all(failing.map(async (call) => client.call({ method: 'GET', path, ...call })))
  }
  store.faults?.set({ fault: { kind: 'lose-answer' } })
  for (let round = 0; round < 20; round++) await client.call({ method: 'GET', path }).catch(() => undefined)
  store.faults?.clear()
  await vi.waitFor(async () => expect(await openFilesBelow(directory)).toBe(0), 20_000)
})

it('are closed when the reader goes away in the middle', async () => {
  const { client, store, directory } = await startTestStore()
  await client.call({ method: 'PUT', path, body: testBytes(8_000_000) })
  const headers = { host: `127.0.0.1:${store.port}` }
  const signed = authorization({ method: 'GET', path }, headers, credentials)
  for (let reader = 0; reader < 50; reader++) {
    const socket = connect(store.port, '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${headers.host}\r\nAuthorization: ${signed}\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
  }
  await vi.waitFor(async () => expect(await openFilesBelow(directory)).toBe(0), 20_000)
})

it('leave an object of an earlier version readable, with what a header can hold', async () => {
  const { client, directory } = await startTestStore()
  await storeUnanswerable(directory, 'old')
  const reply = await client.call({ method: 'GET', path: `/${bucket}/old` })
  expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([200, 'x', 'a/bc: d'])
})
