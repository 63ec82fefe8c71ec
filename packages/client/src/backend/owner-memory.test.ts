import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { registeredUpload } from '../testing/registered-upload.js'
import { httpBackend } from './http-backend.js'
import { ownerMemory } from './owner-memory.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const { signal } = new AbortController()
const never = (): Promise<never> => new Promise(() => undefined)

function answering() {
  const backend = httpBackend('https://app.test/api', {
    fetch: () => Promise.resolve(Response.json({ upload: registeredUpload() })),
  })
  let answered = 0
  return { ask: () => void backend.get('a', signal).then(() => (answered += 1)), answered: () => answered }
}

test('an IndexedDB that never opens holds the first call up for a second, and no other', async () => {
  vi.stubGlobal('indexedDB', { open: () => ({}) })
  const { ask, answered } = answering()
  ask()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(answered()).toBe(1)
  ask()
  await vi.advanceTimersByTimeAsync(0)
  expect(answered()).toBe(2)
})

test('an IndexedDB that throws holds nobody up', async () => {
  const open = (): never => {
    throw new DOMException('Access denied.', 'SecurityError')
  }
  vi.stubGlobal('indexedDB', { open })
  const { ask, answered } = answering()
  ask()
  await vi.advanceTimersByTimeAsync(0)
  expect(answered()).toBe(1)
})

test('locks that never answer hold the first call up for a second', async () => {
  vi.stubGlobal('navigator', { locks: { request: never } })
  const { ask, answered } = answering()
  ask()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(answered()).toBe(1)
})

test('a tab that is frozen in its first request holds others up for ten seconds', async () => {
  const request = (_name: string, options: LockOptions, held: (lock: Lock | null) => Promise<void>) =>
    options.ifAvailable === true
      ? held(null)
      : new Promise((_, reject) => options.signal?.addEventListener('abort', () => reject(new Error('gone'))))
  vi.stubGlobal('navigator', { locks: { request } })
  const { ask, answered } = answering()
  ask()
  await vi.advanceTimersByTimeAsync(9_000)
  expect(answered()).toBe(0)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(answered()).toBe(1)
})

test('a key is remembered for its server, and found by pages that come later', async () => {
  vi.useRealTimers()
  vi.stubGlobal('indexedDB', new IDBFactory())
  await ownerMemory('https://one.test').set('key-1')
  await ownerMemory('https://two.test').set('key-2')
  expect(await ownerMemory('https://one.test').get()).toBe('key-1')
  expect(await ownerMemory('https://two.test').get()).toBe('key-2')
  expect(await ownerMemory('https://three.test').get()).toBeNull()
})
