import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BrowserDatabase } from './browser-database.js'
import { resumeMemory } from '../extensions/resume-memory/index.js'
import { indexedDbBlocks } from '../extensions/local-copies/indexeddb-blocks.js'
import { indexedDbSources } from '../extensions/local-copies/indexeddb-sources.js'
import { isCopied } from '../extensions/local-copies/copy-storage.js'
import type { RememberedSource } from '../extensions/local-copies/copy-storage.js'

const head = { identity: '1:128:aa', id: 'u1', uploadId: 'm1', name: 'a.bin', size: 128, partSize: 64 }
const part = { partNumber: 1, size: 64, etag: 'e1', crc64: '17' }
const source: RememberedSource = {
  identity: '1:128:aa',
  id: 'u1',
  name: 'a.bin',
  size: 128,
  type: '',
  blockSize: 64,
  expiresAt: 1,
  paused: false,
  crcs: [{ crc64: '17', size: 128 }],
}
const hasher = { hash: async () => ({ crc64: '18', size: 3 }) }
const never = new AbortController().signal

/** Opens the database as a page of another version would. */
function asVersion(version: number, upgrade: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('carryon', version)
    request.onupgradeneeded = () => upgrade(request.result)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('refused'))
  })
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('IDBKeyRange', IDBKeyRange)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the stored schema', () => {
  it('of the first version is taken over with all that it holds', async () => {
    const old = await asVersion(1, (database) => {
      database.createObjectStore('uploads', { keyPath: 'identity' }).put(head)
      database.createObjectStore('parts', { keyPath: ['id', 'partNumber'] }).put({ ...part, id: 'u1' })
    })
    old.close()
    const database = new BrowserDatabase()
    const memory = resumeMemory({ database })
    expect(await memory.get(head.identity)).toMatchObject({ ...head, parts: [part] })
    const sources = indexedDbSources(database)
    await sources.put(source)
    expect(await sources.all()).toEqual([source])
  })

  it('of the second version keeps what it knows of files; their copies, made of parts, are gone', async () => {
    const former = { ...source, blockSize: undefined, partSize: 64, crcs: ['17', '18'] }
    const old = await asVersion(2, (database) => {
      database.createObjectStore('uploads', { keyPath: 'identity' })
      database.createObjectStore('parts', { keyPath: ['id', 'partNumber'] })
      database.createObjectStore('sources', { keyPath: 'identity' }).put(former)
      const pieces = database.createObjectStore('pieces', { keyPath: ['identity', 'partNumber'] })
      for (const partNumber of [1, 2]) pieces.put({ identity: source.identity, partNumber, piece: 'bytes' })
    })
    old.close()
    const database = new BrowserDatabase()
    const [known] = await indexedDbSources(database).all()
    expect(known).toMatchObject({ id: 'u1', name: 'a.bin' })
    expect(known !== undefined && isCopied(known)).toBe(false)
    expect([...(await indexedDbBlocks(database, hasher).indexes(source.identity))]).toEqual([])
  })

  it('of a version that is newer than this page is left alone, and the page does without', async () => {
    const newer = await asVersion(99, (database) => {
      database.createObjectStore('uploads', { keyPath: 'identity' }).put({ ...head, shape: 'unknown' })
    })
    newer.close()
    const database = new BrowserDatabase()
    const memory = resumeMemory({ database })
    await memory.begin(head)
    await memory.addPart(head.identity, 'u1', part)
    expect(await memory.all()).toMatchObject([{ ...head, parts: [part] }])
    await expect(indexedDbSources(database).all()).rejects.toMatchObject({ name: 'VersionError' })
    const kept = await asVersion(99, () => undefined)
    expect([...kept.objectStoreNames]).toEqual(['uploads'])
  })

  it('is given up for a page that wants a newer one', async () => {
    const database = new BrowserDatabase()
    await indexedDbSources(database).put(source)
    const newer = await asVersion(99, (upgraded) => upgraded.createObjectStore('future'))
    expect([...newer.objectStoreNames]).toContain('sources')
  })

  it('cannot be had where the browser refuses a database: then it is remembered until the page goes', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('Not in a private window.', 'SecurityError')
      },
    })
    const database = new BrowserDatabase()
    const memory = resumeMemory({ database })
    await memory.begin(head)
    expect(await memory.all()).toEqual([{ ...head, parts: [] }])
    await expect(indexedDbSources(database).all()).rejects.toMatchObject({ name: 'SecurityError' })
  })
})

describe('a memory', () => {
  it('forgets an upload with its parts, and takes no part of another', async () => {
    const memory = resumeMemory({ database: new BrowserDatabase() })
    await memory.begin(head)
    await memory.addPart(head.identity, 'another', part)
    expect(await memory.all()).toEqual([{ ...head, parts: [] }])
    await memory.addPart(head.identity, 'u1', part)
    await memory.delete(head.identity)
    await memory.begin(head)
    expect(await memory.get(head.identity)).toEqual({ ...head, parts: [] })
  })
})

describe('blocks in the database', () => {
  it('are kept, freed and dropped by file', async () => {
    const blocks = indexedDbBlocks(new BrowserDatabase(), hasher)
    await blocks.write('1:128:aa', 2, new Blob(['abc']), 'crc64ecma', 4, never)
    await blocks.write('1:128:aa', 10, new Blob(['d']), 'crc64ecma', 4, never)
    await blocks.write('1:128:ab', 2, new Blob(['e']), 'crc64ecma', 4, never)
    expect([...(await blocks.indexes('1:128:aa'))]).toEqual([2, 10])
    expect([...(await blocks.open('1:128:aa')).keys()]).toEqual([2, 10])
    await blocks.free('1:128:aa', 10)
    expect([...(await blocks.indexes('1:128:aa'))]).toEqual([2])
    await blocks.retainOnly(async () => ['1:128:ab'])
    expect([...(await blocks.indexes('1:128:aa'))]).toEqual([])
    await blocks.drop('1:128:ab')
    expect([...(await blocks.indexes('1:128:ab'))]).toEqual([])
  })
})

it('is opened again after the site’s data were cleared', async () => {
  const memory = resumeMemory({ database: new BrowserDatabase() })
  await memory.begin(head)
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('carryon')
    request.onsuccess = resolve
    request.onerror = reject
  })
  expect(await memory.get(head.identity)).toBeNull()
  await memory.begin(head)
  expect(await memory.get(head.identity)).toMatchObject({ id: 'u1' })
})
