import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { indexedDbSources } from '../local-copies/indexeddb-sources.js'
import { BrowserDatabase } from '../../memory/browser-database.js'
import { indexedDbPicks } from './indexeddb-picks.js'
import type { PickStore, StoredPick } from './pick-store.js'

const pick = (id: string, ...names: readonly string[]): StoredPick => ({
  id,
  queue: 'q',
  scope: '/api',
  pickedAt: 1,
  first: 0,
  files: names.map((name) => ({ name, size: 3, type: '', lastModified: 7 })),
})
const open = (): PickStore => indexedDbPicks(new BrowserDatabase(), async () => 100)
const nothing = { added: [], marks: new Map(), removed: [] }

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('IDBKeyRange', IDBKeyRange)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

it('joins what two pages mark of one pick, and forgets it as a whole', async () => {
  const store = open()
  await store.write({ ...nothing, added: [pick('q/1', 'a', 'b')] })
  await store.write({ ...nothing, marks: new Map([['q/1', { 0: { uploadId: 'u1' } }]]) })
  await open().write({ ...nothing, marks: new Map([['q/1', { 0: { held: true }, 1: { ended: true } }]]) })
  expect(await store.all()).toEqual([
    { pick: pick('q/1', 'a', 'b'), marks: { 0: { uploadId: 'u1', held: true }, 1: { ended: true } } },
  ])
  await store.write({ ...nothing, removed: ['q/1'] })
  expect(await store.all()).toEqual([])
})

it('marks nothing of a pick that was forgotten meanwhile', async () => {
  const store = open()
  await store.write({ ...nothing, added: [pick('q/1', 'a')] })
  await store.write({ ...nothing, removed: ['q/1'] })
  await store.write({ ...nothing, marks: new Map([['q/1', { 0: { uploadId: 'u1' } }]]) })
  await store.write({ ...nothing, added: [pick('q/1', 'a')] })
  expect(await store.all()).toEqual([{ pick: pick('q/1', 'a'), marks: {} }])
})

it('keeps a file as it is, to be read by a later page, and says which there are', async () => {
  const store = open()
  const file = new File(['abc'], 'a', { type: 'text/plain', lastModified: 7 })
  const key = { pick: 'q/1', index: 0 }
  await store.keepCopies([{ key, file }])
  const later = open()
  expect(await later.copied()).toEqual([key])
  const copy = await later.copyOf(key, { name: 'a', size: 3, type: 'text/plain', lastModified: 7 })
  expect(copy).toMatchObject({
    name: 'a',
    size: 3,
    type: 'text/plain',
    lastModified: 7,
    failsWhenChanged: true,
  })
  expect(await copy?.slice(1, 3).text()).toBe('bc')
  expect(await later.copyOf(key, { name: 'a', size: 4, type: '', lastModified: 7 })).toBe(null)
  await later.dropCopies([key])
  expect(await store.copied()).toEqual([])
})

it('comes to a database of the version before with all that it holds', async () => {
  const old = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('carryon', 2)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('uploads', { keyPath: 'identity' })
      request.result.createObjectStore('parts', { keyPath: ['id', 'partNumber'] })
      request.result.createObjectStore('sources', { keyPath: 'identity' }).put({ identity: 'i', id: 'u1' })
      request.result.createObjectStore('pieces', { keyPath: ['identity', 'partNumber'] })
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('refused'))
  })
  old.close()
  const database = new BrowserDatabase()
  const store = indexedDbPicks(database, async () => 100)
  await store.write({ ...nothing, added: [pick('q/1', 'a')] })
  expect(await store.all()).toHaveLength(1)
  expect(await indexedDbSources(database).all()).toEqual([{ identity: 'i', id: 'u1' }])
})
