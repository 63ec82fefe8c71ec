import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StoreClock } from './store-clock.js'

const hour = 3_600_000

/** A store and a computer whose clock is wrong by `error` milliseconds; time passes only by `wait`. */
function world(error: number) {
  let time = Date.UTC(2026, 10, 22, 13)
  const clock = new StoreClock(() => time + error)
  return {
    clock,
    wait: (milliseconds: number) => (time += milliseconds),
    changeClock: (by: number) => (error += by),
    /** One request: the store writes its time after `there`, the answer arrives after `back`. */
    ask: (there: number, back: number) => {
      const sentAt = clock.localNow()
      time += there
      const date = new Date(time).toUTCString()
      time += back
      clock.learnFromDate(date, sentAt)
    },
    wrongBy: () => Math.abs(clock.now() - time),
  }
}

describe('StoreClock', () => {
  it('is the local clock until it has learned', () => {
    const { clock, wrongBy, ask } = world(0)
    expect(clock.hasLearned).toBe(false)
    expect(wrongBy()).toBe(0)
    ask(10, 10)
    expect(clock.hasLearned).toBe(true)
  })

  it('is right within the time of the request, whatever the local clock says', () => {
    const milliseconds = fc.integer({ min: 0, max: 5000 })
    fc.assert(
      fc.property(
        fc.integer({ min: -48 * hour, max: 48 * hour }),
        fc.array(fc.record({ pause: milliseconds, there: milliseconds, back: milliseconds }), {
          minLength: 1,
        }),
        (error, requests) => {
          const { wait, ask, wrongBy } = world(error)
          let shortest = Infinity
          for (const { pause, there, back } of requests) {
            wait(pause)
            ask(there, back)
            shortest = Math.min(shortest, there + back)
            // Half of the interval that one Date header leaves: the round trip plus its resolution of a second.
            expect(wrongBy()).toBeLessThanOrEqual((shortest + 1000) / 2)
          }
        },
      ),
    )
  })

  it('starts anew when the local clock is changed', () => {
    const { changeClock, ask, wrongBy } = world(0)
    ask(20, 20)
    changeClock(-3 * hour)
    ask(20, 20)
    expect(wrongBy()).toBeLessThan(600)
  })

  it("learns from a server's time in seconds", () => {
    const clock = new StoreClock(() => 1_000_000)
    clock.learnFromServerTime(5000.25, 1_000_000)
    expect(clock.now()).toBeCloseTo(5_000_250, -1)
  })

  it('learns nothing from what is no time, or from an answer before its request', () => {
    const clock = new StoreClock(() => 1000)
    clock.learnFromDate(null, 900)
    clock.learnFromDate(undefined, 900)
    clock.learnFromDate('yesterday', 900)
    clock.learnFromServerTime(NaN, 900)
    clock.learnFromDate('Sun, 22 Nov 2026 12:00:00 GMT', 1100)
    expect(clock.hasLearned).toBe(false)
    expect(clock.offset).toBe(0)
  })
})
