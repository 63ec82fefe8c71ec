import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { testBytes, type TestClient } from '../testing/client.js'
import { fileCalls } from '../testing/file-calls.js'
import { listedUploads } from '../testing/listing.js'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, startTestStore } from '../testing/store.js'

vi.mock('node:fs/promises', async (real) => (await import('../testing/file-calls.js')).watched(await real()))

/** File calls of each step, with random names replaced by placeholders. */
type Steps = Readonly<Record<string, readonly string[]>>

function alike(directory: string): readonly string[] {
  return fileCalls.calls
    .filter((call) => call.includes(directory))
    .map((call) => call.replace(directory, '').replace(/\d{10}[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f-]{27}/g, '*'))
    .sort()
}

async function stepsWith(uploads: number): Promise<Steps> {
  const first = await startTestStore()
  const { directory } = first
  const ids: string[] = []
  for (let number = 0; number < uploads; number++) {
    ids.push(await new MultipartCalls(first.client, `key ${number}`).initiate())
  }
  await new MultipartCalls(first.client, 'key 1').put(ids[1] ?? '', 1, testBytes(1000))
  await first.store.close()

  fileCalls.clear()
  const { client } = await startTestStore({ directory })
  // The last background step of a start.
  await vi.waitFor(() => expect(fileCalls.matching(/^readdir .*parts$/).length).toBe(1), 20_000)
  const steps: Record<string, readonly string[]> = {}
  const step = async (name: string, action: () => Promise<unknown>): Promise<void> => {
    await action()
    steps[name] = alike(directory)
    fileCalls.clear()
  }
  const calls = new MultipartCalls(client, 'key 1')
  const id = ids[1] ?? ''
  await step('start', async () => undefined)
  await step('list uploads', async () => listOne(client, 'key 1', id))
  await step('list parts', async () => expect((await calls.list(id)).status).toBe(200))
  await step('put a part', async () => calls.put(id, 2, testBytes(10)))
  await step('abort', async () => expect((await calls.abort(id)).status).toBe(204))
  await step('abort another', async () => {
    expect((await new MultipartCalls(client, 'key 0').abort(ids[0] ?? '')).status).toBe(204)
  })
  await step('unknown', async () => expect((await calls.abort(id)).code).toBe('NoSuchUpload'))
  expect((await listedUploads(client)).length).toBe(uploads - 2)
  return steps
}

async function listOne(client: TestClient, prefix: string, id: string): Promise<void> {
  const { text } = await client.call({ method: 'GET', path: `/${bucket}/`, query: { uploads: '', prefix } })
  expect(text).toContain(id)
}

it('opening, listing and ending an upload calls for as many files with many open ones as with few', async () => {
  const few = await stepsWith(3)
  const many = await stepsWith(60)
  expect(many).toEqual(few)
  // Ensures that calls are counted at all.
  expect(few['abort']).toContainEqual(expect.stringContaining(join('uploads', '*.json')))
})

it('a part that could not be synced is not stored, and takes no space', async () => {
  const { client, directory } = await startTestStore({ maxBytes: 1_000 })
  const calls = new MultipartCalls(client, 'key')
  const id = await calls.initiate()
  const { headers } = await calls.put(id, 1, testBytes(200))
  const partFolder = new RegExp(`^open ${directory}/.*/parts/[^/]+$`)
  fileCalls.failWith((call) => (partFolder.test(call) ? 'EIO' : undefined))
  expect((await calls.put(id, 1, testBytes(300))).status).toBe(500)
  expect((await calls.put(id, 2, testBytes(400))).status).toBe(500)
  fileCalls.recover()
  const { text } = await calls.list(id)
  expect(text).toContain(headers.etag?.replaceAll('"', ''))
  expect(text).not.toContain('<PartNumber>2</PartNumber>')

  expect((await calls.abort(id)).status).toBe(204)
  const put = async (bytes: number) =>
    client.call({ method: 'PUT', path: `/${bucket}/object`, body: testBytes(bytes) })
  expect((await put(1_001)).code).toBe('InsufficientStorage')
  expect((await put(1_000)).status).toBe(200)
})
