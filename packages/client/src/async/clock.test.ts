import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { longestTimer, systemClock } from './clock.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test.each([2_592_000_000, longestTimer, longestTimer + 1, 3 * longestTimer])(
  'sleeps for %i ms, though no timer holds so much',
  async (ms) => {
    let isOver = false
    const sleeping = systemClock.sleep(ms).then(() => (isOver = true))
    await vi.advanceTimersByTimeAsync(ms - 1)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await sleeping
    expect(isOver).toBe(true)
  },
)

test('a sleep of months ends when it is aborted', async () => {
  const controller = new AbortController()
  const outcome = expect(systemClock.sleep(3 * longestTimer, controller.signal)).rejects.toThrow('Paused.')
  await vi.advanceTimersByTimeAsync(longestTimer + 5)
  controller.abort(new Error('Paused.'))
  await outcome
})
