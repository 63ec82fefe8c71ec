import { describe, expect, it } from 'vitest'
import { isSlowLine } from './line-trial.js'
import { ProgressMeter } from './progress.js'
import { SimClock } from './testing/sim-clock.js'

const { signal } = new AbortController()
const MB = 1e6
const isTooSlow = (speed: number): boolean => speed < 10 * MB

/** A line that has taken `sentBy(seconds)` bytes; @param arrivesAt milliseconds when the first part arrives */
function tryLine(sentBy: (seconds: number) => number, arrivesAt = Infinity, scope = signal) {
  const clock = new SimClock()
  const meter = new ProgressMeter(1e12)
  meter.begin(clock.now())
  void (async () => {
    while (clock.now() < 120_000) {
      meter.inFlight(1, sentBy(clock.now() / 1000), clock.now())
      await clock.sleep(100)
    }
  })()
  return { clock, slow: isSlowLine(meter, isTooSlow, () => clock.now() >= arrivesAt, clock, scope) }
}

describe('a line on which nothing has arrived', () => {
  it.each([
    ['a steady one', (s: number) => 4 * MB + s * MB, 3],
    ['one that takes megabytes at a time', (s: number) => 4 * MB * (1 + Math.floor(s / 3)), 4],
    ['one that stands still after what buffers swallow', () => 4 * MB, 3],
    ['one whose buffers go on swallowing for seconds', (s: number) => Math.min(s, 3) * 20 * MB + s * MB, 6],
    ['one that begins after half a minute', (s: number) => Math.max(0, s - 30) * MB, 34],
  ])('is too slow: %s', async (_, sentBy, before) => {
    const { clock, slow } = tryLine(sentBy)
    expect(await clock.run(slow)).toBe(true)
    expect(clock.now()).toBeLessThan(before * 1000)
  })

  it.each([
    ['one that carries enough', (s: number) => s * 20 * MB, 5_000],
    ['one with a hiccup of a second', (s: number) => (s < 1 ? s : Math.max(1, s - 1)) * 20 * MB, 5_000],
    ['one on which a part arrives before two looks are over', (s: number) => s * MB, 2_500],
    ['one whose connections fail one after the other', (s: number) => (60 - s) * MB, 60_000],
  ])('is not: %s', async (_, sentBy, arrivesAt) => {
    const { clock, slow } = tryLine(sentBy, arrivesAt)
    expect(await clock.run(slow)).toBe(false)
  })

  it('is given up with its signal', async () => {
    const controller = new AbortController()
    const { clock, slow } = tryLine(() => 0, Infinity, controller.signal)
    controller.abort(new Error('Over.'))
    await expect(clock.run(slow)).rejects.toThrow('Over.')
  })
})
