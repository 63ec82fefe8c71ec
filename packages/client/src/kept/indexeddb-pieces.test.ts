import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BrowserDatabase } from '../memory/browser-database.js'
import { indexedDbPieces } from './indexeddb-pieces.js'

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
      return { crc64: '17', size: 5 }
    },
  }
  const pieces = indexedDbPieces(new BrowserDatabase(), hasher)
  expect(await pieces.keep('1:14:aa', 1, slice, 'crc64ecma', never)).toBe('17')
  expect(hashed).not.toContain(slice)
  expect(await Promise.all(hashed.map((blob) => blob.text()))).toEqual(['whole'])
  expect(await (await pieces.open('1:14:aa')).get(1)?.text()).toBe('whole')
})

it('rejects a slice that has become shorter since the file was picked', async () => {
  const shorter: Blob = Object.assign(new Blob(['four']), { arrayBuffer: async () => new ArrayBuffer(3) })
  const pieces = indexedDbPieces(new BrowserDatabase(), { hash: async () => ({ crc64: '17', size: 4 }) })
  await expect(pieces.keep('1:4:aa', 1, shorter, 'crc64ecma', never)).rejects.toMatchObject({
    reason: 'source-changed',
  })
  expect(await pieces.partNumbers('1:4:aa')).toEqual(new Set())
})
