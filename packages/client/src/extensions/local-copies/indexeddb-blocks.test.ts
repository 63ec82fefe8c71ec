import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BrowserDatabase } from '../../memory/browser-database.js'
import { indexedDbBlocks } from './indexeddb-blocks.js'

const never = new AbortController().signal

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('IDBKeyRange', IDBKeyRange)
})

afterEach(() => {
  vi.unstubAllGlobals()
})

it('keeps the bytes of a slice, hashed as they are kept, and never the slice: WebKit would keep its whole file', async () => {
  const slice = new Blob(['the whole file']).slice(4, 9)
  const hashed: Blob[] = []
  const hasher = {
    hash: async (slices: readonly Blob[]) => {
      hashed.push(...slices)
      return { crc64: '17', size: slices[0]?.size ?? 0 }
    },
  }
  const blocks = indexedDbBlocks(new BrowserDatabase(), hasher)
  expect(await blocks.write('1:14:aa', 1, slice, 'crc64ecma', 3, never)).toEqual([
    { crc64: '17', size: 3 },
    { crc64: '17', size: 2 },
  ])
  expect(hashed).not.toContain(slice)
  expect(await Promise.all(hashed.map((blob) => blob.text()))).toEqual(['who', 'le'])
  expect(await (await blocks.open('1:14:aa')).get(1)?.text()).toBe('whole')
})

it('rejects a slice that has become shorter since the file was picked', async () => {
  const shorter: Blob = Object.assign(new Blob(['four']), { arrayBuffer: async () => new ArrayBuffer(3) })
  const blocks = indexedDbBlocks(new BrowserDatabase(), { hash: async () => ({ crc64: '17', size: 4 }) })
  await expect(blocks.write('1:4:aa', 1, shorter, 'crc64ecma', 4, never)).rejects.toMatchObject({
    reason: 'source-changed',
  })
  expect(await blocks.indexes('1:4:aa')).toEqual(new Set())
})
