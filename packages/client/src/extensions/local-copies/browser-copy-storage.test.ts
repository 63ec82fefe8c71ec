import { afterEach, expect, test, vi } from 'vitest'
import { BrowserDatabase } from '../../memory/browser-database.js'
import { WorkerPool } from '../../workers/worker-pool.js'
import { browserCopyStorage } from './browser-copy-storage.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

function roomWith(storage: object | undefined): Promise<number> | undefined {
  vi.stubGlobal('indexedDB', {})
  vi.stubGlobal('navigator', { storage })
  return browserCopyStorage(new BrowserDatabase(), new WorkerPool(1))?.freeSpace()
}

test('there is as much space as the browser says, less what is used', async () => {
  expect(await roomWith({ estimate: async () => ({ quota: 500, usage: 200 }) })).toBe(300)
})

test('a browser that does not say how much space there is keeps a copy all the same', async () => {
  expect(await roomWith({})).toBe(1000 * 2 ** 20)
  expect(await roomWith(undefined)).toBe(1000 * 2 ** 20)
})

test('without a database nothing is kept', () => {
  vi.stubGlobal('indexedDB', undefined)
  expect(browserCopyStorage(new BrowserDatabase(), new WorkerPool(1))).toBeNull()
})
