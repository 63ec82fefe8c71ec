import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../async/clock.js'
import { ProgressBell } from './progress-bell.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('rings once for all that moves within half a second, with one timer for all', async () => {
  const bell = new ProgressBell(systemClock)
  const [a, b] = [vi.fn(), vi.fn()]
  for (let count = 0; count < 5; count++) {
    bell.moved(a)
    bell.moved(b)
  }
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(500)
  expect([a.mock.calls.length, b.mock.calls.length]).toEqual([1, 1])
  bell.moved(a)
  await vi.advanceTimersByTimeAsync(500)
  expect([a.mock.calls.length, b.mock.calls.length]).toEqual([2, 1])
})

test('rings every second who sends, and nobody who rests', async () => {
  const bell = new ProgressBell(systemClock)
  const [a, b] = [vi.fn(), vi.fn()]
  bell.sends(a)
  bell.sends(b)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1_500)
  bell.moved(b)
  bell.rests(b)
  await vi.advanceTimersByTimeAsync(1_000)
  expect([a.mock.calls.length, b.mock.calls.length]).toEqual([2, 1])
  bell.rests(a)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(a).toHaveBeenCalledTimes(2)
  expect(vi.getTimerCount()).toBe(0)
})

test('does not wait for a timer that is late, as those of a hidden tab are', async () => {
  let now = 0
  const bell = new ProgressBell({ ...systemClock, now: () => now, sleep: () => new Promise(() => undefined) })
  const rung = vi.fn()
  const rungAt: number[] = []
  for (; now < 20_000; now += 500) {
    bell.moved(rung)
    await Promise.resolve()
    if (rung.mock.calls.length > rungAt.length) rungAt.push(now)
  }
  expect(rungAt.length).toBeGreaterThanOrEqual(4)
})
