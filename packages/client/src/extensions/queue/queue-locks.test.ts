import { afterEach, expect, test, vi } from 'vitest'
import { webLocks } from '../../async/tab-locks.js'
import { SimClock } from '../../testing/sim-clock.js'
import { simLocks } from '../../testing/sim-locks.js'
import { QueueLocks } from './queue-locks.js'

afterEach(() => void vi.unstubAllGlobals())

test('a queue that another page has is not taken, and one that nobody has is', async () => {
  const clock = new SimClock()
  const tabs = simLocks()
  const [one, other] = [new QueueLocks(tabs, clock), new QueueLocks(tabs, clock)]
  expect(await clock.run(one.take('a'))).toBe(true)
  expect(await clock.run(other.take('a'))).toBe(false)
  one.leaveAll()
  expect(await clock.run(other.take('a'))).toBe(true)
})

test.each([
  ['do not answer', () => new Promise(() => undefined)],
  ['are refused', () => Promise.reject(new DOMException('Access denied.', 'SecurityError'))],
])('a queue is not taken while locks %s: its page may be alive', async (_, request) => {
  vi.stubGlobal('navigator', { locks: { request } })
  const clock = new SimClock()
  const locks = new QueueLocks(webLocks(clock), clock)
  expect(await clock.run(locks.take('a'))).toBe(false)
  expect(await clock.run(locks.take('b'))).toBe(false)
  expect(locks.has('a')).toBe(false)
})

test('where the browser has no locks, whatever is remembered is taken', async () => {
  vi.stubGlobal('navigator', {})
  const clock = new SimClock()
  expect(await clock.run(new QueueLocks(webLocks(clock), clock).take('a'))).toBe(true)
})
