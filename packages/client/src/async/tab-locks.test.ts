import { afterEach, expect, test, vi } from 'vitest'
import { SimClock } from '../testing/sim-clock.js'
import { noLock, webLocks } from './tab-locks.js'

afterEach(() => void vi.unstubAllGlobals())

const { signal } = new AbortController()
const nobody = (): void => undefined

test('locks that are refused, as in a frame of no origin, hold nobody up', async () => {
  const request = (): Promise<never> => Promise.reject(new DOMException('Access denied.', 'SecurityError'))
  vi.stubGlobal('navigator', { locks: { request } })
  const release = await webLocks(new SimClock()).acquire('a', signal, nobody)
  release()
})

test('locks that never answer hold the first up for a second, and nobody after', async () => {
  vi.stubGlobal('navigator', { locks: { request: () => new Promise(() => undefined) } })
  const clock = new SimClock()
  const locks = webLocks(clock)
  await clock.run(locks.acquire('a', signal, nobody))
  expect(clock.now()).toBe(1_000)
  await clock.run(locks.acquire('b', signal, nobody))
  await clock.run(webLocks(clock).acquire('c', signal, nobody))
  expect(clock.now()).toBe(1_000)
})

test('a lock that is given too late is given back', async () => {
  let give: (lock: object) => Promise<void> = () => Promise.resolve()
  const request = (_name: string, _options: object, held: typeof give): Promise<void> =>
    new Promise(() => (give = held))
  vi.stubGlobal('navigator', { locks: { request } })
  const clock = new SimClock()
  await clock.run(webLocks(clock).acquire('a', signal, nobody))
  await give({})
})

test('locks that answered late are asked again', async () => {
  const gives: ((lock: object) => Promise<void>)[] = []
  const request = (_name: string, _options: object, held: (lock: object) => Promise<void>): Promise<void> =>
    new Promise(() => void gives.push(held))
  vi.stubGlobal('navigator', { locks: { request } })
  const clock = new SimClock()
  const locks = webLocks(clock)
  await clock.run(locks.acquire('a', signal, nobody))
  await gives[0]?.({})
  const second = locks.acquire('b', signal, nobody)
  const isReleased = gives[1]?.({})
  const release = await second
  expect(release).not.toBe(noLock)
  release()
  await isReleased
})
