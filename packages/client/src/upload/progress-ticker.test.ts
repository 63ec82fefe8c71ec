import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../async/clock.js'
import { ProgressTicker } from './progress-ticker.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('notifies once for all that moves within half a second, with one timer for all', async () => {
  const ticker = new ProgressTicker(systemClock)
  const [a, b] = [vi.fn(), vi.fn()]
  for (let count = 0; count < 5; count++) {
    ticker.moved(a)
    ticker.moved(b)
  }
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(500)
  expect([a.mock.calls.length, b.mock.calls.length]).toEqual([1, 1])
  ticker.moved(a)
  await vi.advanceTimersByTimeAsync(500)
  expect([a.mock.calls.length, b.mock.calls.length]).toEqual([2, 1])
})

test('notifies every second who sends, and nobody who has stopped', async () => {
  const ticker = new ProgressTicker(systemClock)
  const [a, b] = [vi.fn(), vi.fn()]
  ticker.start(a)
  ticker.start(b)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1_500)
  ticker.moved(b)
  ticker.stop(b)
  await vi.advanceTimersByTimeAsync(1_000)
  expect([a.mock.calls.length, b.mock.calls.length]).toEqual([2, 1])
  ticker.stop(a)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(a).toHaveBeenCalledTimes(2)
  expect(vi.getTimerCount()).toBe(0)
})

test('does not wait for a timer that is late, as those of a hidden tab are', async () => {
  let now = 0
  const ticker = new ProgressTicker({
    ...systemClock,
    now: () => now,
    sleep: () => new Promise(() => undefined),
  })
  const rung = vi.fn()
  const rungAt: number[] = []
  for (; now < 20_000; now += 500) {
    ticker.moved(rung)
    await Promise.resolve()
    if (rung.mock.calls.length > rungAt.length) rungAt.push(now)
  }
  expect(rungAt.length).toBeGreaterThanOrEqual(4)
})
