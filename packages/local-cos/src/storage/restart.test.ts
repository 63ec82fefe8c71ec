import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { TestClient } from '../testing/client.js'
import { fileCalls } from '../testing/file-calls.js'
import { listedObjects } from '../testing/listing.js'
import { recordedObjects } from '../testing/record-files.js'
import { bucket, startTestStore, temporaryDirectory } from '../testing/store.js'

vi.mock('node:fs/promises', async (real) => (await import('../testing/file-calls.js')).watched(await real()))

const count = 40
/** A record that was opened or touched: `<2 hex>/<64 hex>`. */
const recordOpened = /^open .*\/objects\/..\/[0-9a-f]{64}$/
const recordTouched = /\/objects\/..\/[0-9a-f]{64}$/
const indexOf = (directory: string): string => join(directory, 'buckets', bucket, 'index')

async function put(client: TestClient, key: string, body: string): Promise<number> {
  return (await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body })).status
}

/** Directory of a closed store with objects and their index. */
async function filledDirectory(): Promise<string> {
  const { store, client, directory } = await startTestStore()
  for (let number = 0; number < count; number++) await put(client, `key ${number}`, String(number))
  await store.close()
  return directory
}

/** Starts, lists, and compares the listing with the records on disk. */
async function startAndList(directory: string): Promise<TestClient> {
  const truth = [...(await recordedObjects(directory))].sort()
  fileCalls.clear()
  const { client } = await startTestStore({ directory })
  expect([...(await listedObjects(client))].sort()).toEqual(truth)
  return client
}

describe('a store that starts', () => {
  it('lists from its index, and touches no record', async () => {
    const directory = await filledDirectory()
    await startAndList(directory)
    expect(fileCalls.matching(recordTouched)).toEqual([])
    expect(fileCalls.matching(/\/index\//).length).toBeGreaterThan(0)
  })

  it('lists from its index after a start that changed nothing, and one that changed something', async () => {
    const directory = await filledDirectory()
    await (await startTestStore({ directory })).store.close()
    const { store, client } = await startTestStore({ directory })
    await put(client, 'key 1', 'overwritten')
    await client.call({ method: 'DELETE', path: `/${bucket}/key 2` })
    await put(client, 'another', 'x')
    await store.close()
    const again = await startAndList(directory)
    expect(fileCalls.matching(recordTouched)).toEqual([])
    expect((await listedObjects(again)).length).toBe(count)
  })

  const damages: Readonly<Record<string, (index: string) => Promise<void>>> = {
    'is missing, as in a directory of an earlier version': async (index) => rm(index, { recursive: true }),
    'is garbage': async (index) => eachFile(index, async (file) => writeFile(file, Buffer.alloc(999, 7))),
    'is empty': async (index) => eachFile(index, async (file) => truncate(file, 0)),
    'is cut in half': async (index) =>
      eachFile(index, async (file) => truncate(file, (await readFile(file)).length >> 1)),
    'has a wrong bit': async (index) =>
      eachFile(index, async (file) => {
        const content = await readFile(file)
        content.writeUInt8(content.readUInt8(content.length >> 1) ^ 1, content.length >> 1)
        await writeFile(file, content)
      }),
  }
  for (const [damage, inflict] of Object.entries(damages)) {
    it(`reads each record once when the index ${damage}, and none at the start after`, async () => {
      const directory = await filledDirectory()
      await inflict(indexOf(directory))
      const logged: object[] = []
      const { store, client } = await startTestStore({ directory, log: (line) => logged.push(line) })
      fileCalls.clear()
      await vi.waitFor(
        () =>
          expect(logged).toContainEqual({ message: 'index brought up to date', bucket, recordsRead: count }),
        20_000,
      )
      expect([...(await listedObjects(client))].sort()).toEqual(
        [...(await recordedObjects(directory))].sort(),
      )
      await store.close()
      await startAndList(directory)
      expect(fileCalls.matching(recordTouched)).toEqual([])
    })
  }

  it('reads only what changed since its index was written', async () => {
    const directory = await filledDirectory()
    const old = join(await temporaryDirectory(), 'index')
    await cp(indexOf(directory), old, { recursive: true })
    const { store, client } = await startTestStore({ directory })
    await put(client, 'key 1', 'overwritten')
    await client.call({ method: 'DELETE', path: `/${bucket}/key 2` })
    await put(client, 'another', 'x')
    await store.close()
    await rm(indexOf(directory), { recursive: true })
    await cp(old, indexOf(directory), { recursive: true })
    await startAndList(directory)
    expect(fileCalls.matching(recordOpened).length).toBe(2)
  })

  it('lists what was put and deleted while it was reading its records', async () => {
    const directory = await filledDirectory()
    await rm(indexOf(directory), { recursive: true })
    const { client } = await startTestStore({ directory })
    const changes = Array.from({ length: count }, async (_, number) => {
      if (number % 3 === 0) return client.call({ method: 'DELETE', path: `/${bucket}/key ${number}` })
      return put(client, number % 3 === 1 ? `key ${number}` : `new ${number}`, 'changed')
    })
    const listings = Array.from({ length: 4 }, async () => listedObjects(client))
    await Promise.all([...changes, ...listings])
    expect([...(await listedObjects(client))].sort()).toEqual([...(await recordedObjects(directory))].sort())
  })
})

describe('a listing', () => {
  for (const code of ['EMFILE', 'EIO']) {
    it(`that failed with ${code} is tried again at the next request`, async () => {
      const directory = await filledDirectory()
      await rm(indexOf(directory), { recursive: true })
      fileCalls.failWith((call) => (recordOpened.test(call) ? code : undefined))
      const { client } = await startTestStore({ directory })
      const list = { method: 'GET', path: `/${bucket}/` }
      expect((await client.call(list)).status).toBe(500)
      fileCalls.recover()
      expect((await listedObjects(client)).length).toBe(count)
    })
  }

  it('is right after changes that failed between renaming and telling', async () => {
    const { client, store, directory } = await startTestStore()
    await put(client, 'there', '1')
    await put(client, 'removed', '1')
    await listedObjects(client)
    // Make the folder's fsync fail, after the rename.
    fileCalls.failWith((call) => (/^open .*\/objects\/..$/.test(call) ? 'EIO' : undefined))
    expect(await put(client, 'there', '22')).toBe(500)
    expect(await put(client, 'new', '333')).toBe(500)
    await client.call({ method: 'DELETE', path: `/${bucket}/removed` })
    fileCalls.recover()
    const truth = [...(await recordedObjects(directory))].sort()
    expect([...(await listedObjects(client))].sort()).toEqual(truth)
    await store.close()
    await startAndList(directory)
  })
})

async function eachFile(folder: string, action: (path: string) => Promise<void>): Promise<void> {
  for (const name of await readdir(folder)) await action(join(folder, name))
}
