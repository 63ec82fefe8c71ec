import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { testBytes, type TestClient } from '../testing/client.js'
import { listedObjects, listedUploads } from '../testing/listing.js'
import { MultipartCalls } from '../testing/multipart.js'
import { objectFile } from '../testing/record-files.js'
import { bucket, startTestStore } from '../testing/store.js'

const damages: Readonly<Record<string, (file: string) => Promise<void>>> = {
  emptied: async (file) => truncate(file, 0),
  'cut short': async (file) => truncate(file, (await readFile(file)).length - 3),
  garbage: async (file) => writeFile(file, testBytes(500)),
  'a record without its content': async (file) => writeFile(file, (await readFile(file)).subarray(4)),
  'a record that is no JSON': async (file) => replaceIn(file, '{"key"', '{"key_'),
  'a record without its key': async (file) => replaceIn(file, '"key"', '"kex"'),
  'the record of another key': async (file) => replaceIn(file, '"key":"damaged"', '"key":"another"'),
}

async function replaceIn(file: string, search: string, replacement: string): Promise<void> {
  const content = await readFile(file, 'latin1')
  expect(content).toContain(search)
  await writeFile(file, content.replace(search, replacement), 'latin1')
}

const damagedIn = async (directory: string): Promise<readonly string[]> =>
  readdir(join(directory, 'damaged', bucket)).catch(() => [])

async function keysOf(client: TestClient): Promise<readonly string[]> {
  return (await listedObjects(client)).map((line) => line.split(' ')[0] ?? '')
}

/** Directory of a closed store with objects `damaged`, `other` and `third`. */
async function filledDirectory(): Promise<string> {
  const { store, client, directory } = await startTestStore()
  for (const key of ['damaged', 'other', 'third']) {
    await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: `content of ${key}` })
  }
  await store.close()
  return directory
}

describe.each(Object.entries(damages))('an object file that is %s', (_name, damage) => {
  it.each(['with an index', 'without an index'])('is set aside, %s', async (index) => {
    const directory = await filledDirectory()
    const file = objectFile(directory, 'damaged')
    await damage(file)
    const content = await readFile(file)
    if (index === 'without an index') {
      await rm(join(directory, 'buckets', bucket, 'index'), { recursive: true })
    }
    const logged: object[] = []
    const { store, client } = await startTestStore({ directory, log: (line) => logged.push(line) })
    const call = async (method: string, body?: string): Promise<number> =>
      (
        await client.call({
          method,
          path: `/${bucket}/damaged`,
          ...(body === undefined ? {} : { body }),
        })
      ).status

    expect(await Promise.all([call('GET'), call('HEAD'), call('GET')])).toEqual([404, 404, 404])
    expect(await keysOf(client)).toEqual(['other', 'third'])
    const [name = '', ...more] = await damagedIn(directory)
    expect(more).toEqual([])
    expect(await readFile(join(directory, 'damaged', bucket, name))).toEqual(content)
    expect(logged.filter((line) => 'message' in line && line.message === 'damaged file set aside')).toEqual([
      expect.objectContaining({ file, movedTo: join(directory, 'damaged', bucket, name) }),
    ])

    expect(await call('DELETE')).toBe(204)
    expect(await call('PUT', 'new')).toBe(200)
    expect(await call('GET')).toBe(200)
    expect(await keysOf(client)).toEqual(['damaged', 'other', 'third'])
    expect(await call('DELETE')).toBe(204)
    expect(await call('GET')).toBe(404)
    await store.close()
    expect(await keysOf((await startTestStore({ directory })).client)).toEqual(['other', 'third'])
    expect((await damagedIn(directory)).length).toBe(1)
  })
})

describe('a damaged object file', () => {
  it.each([
    ['PUT', 200, ['damaged', 'other', 'third']],
    ['DELETE', 204, ['other', 'third']],
  ] as const)('may be met by a %s first', async (method, status, keys) => {
    const directory = await filledDirectory()
    await truncate(objectFile(directory, 'damaged'), 5)
    const { client } = await startTestStore({ directory })
    const body = method === 'PUT' ? { body: 'new' } : {}
    expect((await client.call({ method, path: `/${bucket}/damaged`, ...body })).status).toBe(status)
    expect(await keysOf(client)).toEqual(keys)
    expect((await damagedIn(directory)).length).toBe(1)
  })

  it('may be a folder', async () => {
    const directory = await filledDirectory()
    const file = objectFile(directory, 'damaged')
    await rm(file)
    await mkdir(file)
    const { client } = await startTestStore({ directory })
    expect(await keysOf(client)).toEqual(['other', 'third'])
    expect((await client.call({ method: 'PUT', path: `/${bucket}/damaged`, body: 'new' })).status).toBe(200)
  })

  it('takes the parts that it was joined of with it', async () => {
    const { store, client, directory } = await startTestStore()
    const calls = new MultipartCalls(client, 'damaged')
    const uploadId = await calls.initiate()
    const { headers } = await calls.put(uploadId, 1, testBytes(1000))
    await calls.complete(uploadId, [String(headers.etag).replaceAll('"', '')])
    await store.close()
    await truncate(objectFile(directory, 'damaged'), 5)
    const second = await startTestStore({ directory })
    expect((await second.client.call({ method: 'GET', path: `/${bucket}/damaged` })).status).toBe(404)
    await second.store.close()
    // The store looks for orphan parts at start.
    await startTestStore({ directory })
    await vi.waitFor(async () => expect((await damagedIn(directory)).length).toBe(2), 20_000)
    const parts = (await damagedIn(directory)).find((name) => name.startsWith(`parts-${uploadId}`)) ?? ''
    const files = await readdir(join(directory, 'damaged', bucket, parts))
    expect(files.length).toBe(2)
    expect(existsSync(join(directory, 'buckets', bucket, 'parts', uploadId))).toBe(false)
  })
})

it.each([true, false])('a damaged upload record ends that upload alone, with an index: %s', async (index) => {
  const { store, client, directory } = await startTestStore()
  const damaged = await new MultipartCalls(client, 'a').initiate()
  const other = await new MultipartCalls(client, 'b').initiate()
  await new MultipartCalls(client, 'a').put(damaged, 1, testBytes(1000))
  await store.close()
  await truncate(join(directory, 'buckets', bucket, 'uploads', `${damaged}.json`), 5)
  if (!index) await rm(join(directory, 'buckets', bucket, 'index'), { recursive: true })
  const second = await startTestStore({ directory })
  expect((await new MultipartCalls(second.client, 'a').list(damaged)).code).toBe('NoSuchUpload')
  expect(await listedUploads(second.client)).toEqual([other])
  await second.store.close()
  // The parts of the damaged record are kept too; the store looks for orphan parts at start.
  await startTestStore({ directory })
  await vi.waitFor(async () => expect((await damagedIn(directory)).length).toBe(2), 20_000)
})
