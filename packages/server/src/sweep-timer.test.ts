import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startSweeping } from './sweep-timer.js'

describe('startSweeping', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('runs at once, then at each interval, also after a failure, until it is stopped', async () => {
    let runs = 0
    const errors: unknown[] = []
    const sweeping = startSweeping(
      async () => {
        runs += 1
        if (runs === 2) throw new Error('once')
      },
      1_000,
      (error) => errors.push(error),
    )
    expect(runs).toBe(0)
    sweeping.start()
    await vi.advanceTimersByTimeAsync(2_500)
    expect(runs).toBe(3)
    expect(errors).toHaveLength(1)
    await sweeping.stop()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(runs).toBe(3)
  })

  test('never runs with an interval of 0', async () => {
    let runs = 0
    const sweeping = startSweeping(
      async () => {
        runs += 1
      },
      0,
      () => undefined,
    )
    sweeping.start()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(runs).toBe(0)
  })
})
