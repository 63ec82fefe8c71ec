import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createServer, openDatabase, type Server } from './index.js'
import { ApiClient } from './testing/api-client.js'
import { crc64Of } from './testing/crc64-of.js'
import { MemoryStore } from './testing/memory-store.js'

let directory: string
let store: MemoryStore
let server: Server

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'carryon-server-'))
  store = new MemoryStore()
  server = createServer({
    store,
    sts: null,
    database: openDatabase({ file: join(directory, 'register.sqlite') }),
    authorize: () => ({ owner: 'anna' }),
    sweepEvery: 0,
  })
  await server.ready()
})

afterEach(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

test('a file goes from open through its parts to an object with a URL', async () => {
  const api = new ApiClient(server)
  const content = Buffer.alloc(2 ** 20 + 5, 7)
  const opened = await api.open({ identity: '1:5:a', name: 'a.bin', size: content.length, partSize: 2 ** 20 })
  expect(opened.status).toBe(201)
  const { id, key, uploadId } = opened.body.upload
  const etags: string[] = []
  for (const [index, start] of [0, 2 ** 20].entries()) {
    const body = content.subarray(start, start + 2 ** 20)
    const part = { key, uploadId: uploadId ?? '', partNumber: index + 1 }
    etags.push((await store.uploadPart(part, body)).etag)
  }
  const done = await api.complete(id, { size: content.length, crc64: crc64Of(content), etags })
  expect(done.status).toBe(200)
  expect(done.body.upload).toMatchObject({
    state: 'done',
    url: `http://app.test/api/uploads/${id}/object`,
    crc64: crc64Of(content),
  })
  expect(store.objects.get(key)).toEqual(content)
})
