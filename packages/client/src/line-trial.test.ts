import { describe, expect, it } from 'vitest'
import { speedBeforeFirstPart } from './line-trial.js'
import { ProgressMeter } from './progress.js'
import { SimClock } from './testing/sim-clock.js'

const { signal } = new AbortController()

/** A line that takes `swallowed` bytes at once, and `perSecond` from second `from` on; the first part arrives at `arrivesAt`. */
function line(swallowed: number, perSecond: number, { from = 0, arrivesAt = Infinity } = {}) {
  const clock = new SimClock()
  const meter = new ProgressMeter(1e9)
  meter.begin(clock.now())
  void (async () => {
    while (clock.now() < 60_000) {
      const moved = Math.max(0, clock.now() / 1000 - from) * perSecond
      meter.inFlight(1, swallowed + moved, clock.now())
      await clock.sleep(100)
    }
  })()
  return { clock, meter, arrived: () => clock.now() >= arrivesAt }
}

describe('the speed of a line on which nothing has arrived', () => {
  it('is that of the bytes after those that buffers swallowed', async () => {
    const { clock, meter, arrived } = line(4e6, 1e6)
    const speed = await clock.run(speedBeforeFirstPart(meter, arrived, clock, signal))
    expect(speed).toBeCloseTo(1e6, -5)
    expect(clock.now()).toBeLessThan(2_000)
  })

  it('is not told when a part arrives first', async () => {
    const { clock, meter, arrived } = line(0, 1e6, { arrivesAt: 1_200 })
    expect(await clock.run(speedBeforeFirstPart(meter, arrived, clock, signal))).toBeNull()
  })

  it.each([30, 30.4, 30.8])(
    'is that of a whole second, also where nothing moves until second %d',
    async (from) => {
      const { clock, meter, arrived } = line(0, 1e6, { from })
      const speed = await clock.run(speedBeforeFirstPart(meter, arrived, clock, signal))
      expect(clock.now()).toBeGreaterThan(30_000)
      expect(speed).toBeCloseTo(1e6, -5)
    },
  )

  it('is given up with its signal', async () => {
    const { clock, meter, arrived } = line(0, 0)
    const controller = new AbortController()
    const waiting = speedBeforeFirstPart(meter, arrived, clock, controller.signal)
    controller.abort(new Error('Over.'))
    await expect(clock.run(waiting)).rejects.toThrow('Over.')
  })
})
