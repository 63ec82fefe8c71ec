import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProgressMeter } from './progress.js'

const mebibyte = 2 ** 20

/** Sends at `rate` between two times, in parts of a mebibyte, reporting every 100 ms. */
function send(meter: ProgressMeter, rate: number, from: number, to: number): void {
  let inPart = 0
  meter.started(1, mebibyte, from)
  for (let now = from + 100; now <= to; now += 100) {
    inPart += rate / 10
    if (inPart >= mebibyte) {
      inPart -= mebibyte
      meter.stored(1, mebibyte, now)
      meter.started(1, mebibyte, now)
    }
    meter.inFlight(1, inPart, now)
  }
}

test('tells speed and time left of a steady line', () => {
  const meter = new ProgressMeter(1000 * mebibyte)
  meter.begin(0)
  send(meter, 2 * mebibyte, 0, 30_000)
  const { speed, secondsLeft } = meter.snapshot(30_000)
  expect(speed).toBeGreaterThan(1.9 * mebibyte)
  expect(speed).toBeLessThan(2.1 * mebibyte)
  expect(secondsLeft).toBeGreaterThan(450)
  expect(secondsLeft).toBeLessThan(490)
})

test('tells nothing before it knows', () => {
  const meter = new ProgressMeter(10 * mebibyte)
  expect(meter.snapshot(0)).toMatchObject({ speed: null, secondsLeft: null })
  meter.begin(0)
  meter.started(1, 8 * mebibyte, 0)
  meter.inFlight(1, 7 * mebibyte, 100)
  expect(meter.snapshot(200)).toMatchObject({ speed: null, secondsLeft: null })
})

test('tells a stalled line by its falling speed, and no time left at all', () => {
  const meter = new ProgressMeter(1000 * mebibyte)
  meter.begin(0)
  send(meter, 2 * mebibyte, 0, 30_000)
  expect(meter.snapshot(35_000).speed).toBeLessThan(1.2 * mebibyte)
  expect(meter.snapshot(60_000)).toMatchObject({ speed: 0, secondsLeft: null })
})

test('does not take found parts for speed', () => {
  const meter = new ProgressMeter(1000 * mebibyte)
  meter.begin(0)
  send(meter, mebibyte, 0, 20_000)
  meter.found(500 * mebibyte)
  expect(meter.snapshot(20_000).speed).toBeLessThan(1.1 * mebibyte)
})

test('takes of what is in flight only what no buffer holds for carried', () => {
  const meter = new ProgressMeter(100 * mebibyte)
  meter.begin(1000)
  for (const part of [1, 2, 3]) meter.started(part, 8 * mebibyte, 1000)
  for (const part of [1, 2, 3]) meter.inFlight(part, 4 * mebibyte, 2000)
  expect(meter.carriedPerSecond(2000)).toBe(0)
  meter.inFlight(2, 7 * mebibyte, 2000)
  meter.stored(1, 8 * mebibyte, 3000)
  expect(meter.carriedPerSecond(3000)).toBe((8 + 3) * (mebibyte / 2))
})

test('reaches 100 percent only when all is stored', () => {
  const meter = new ProgressMeter(1_000_000_000)
  meter.begin(0)
  meter.stored(1, 999_999_999, 1000)
  expect(meter.snapshot(1000).percent).toBe(99.99)
  meter.stored(1, 1, 1000)
  expect(meter.snapshot(1000).percent).toBe(100)
})

test('moves while the line carries one part for many seconds, though a buffer took all of it at once', () => {
  const meter = new ProgressMeter(10 * mebibyte, () => mebibyte / 8)
  meter.begin(0)
  meter.started(1, mebibyte, 0)
  meter.inFlight(1, mebibyte, 10)
  let before = 0
  for (let now = 500; now <= 12_000; now += 500) {
    const { percent, loaded } = meter.snapshot(now)
    expect(percent).toBeGreaterThan(before)
    expect(percent - before).toBeLessThan(1)
    expect(loaded).toBe(0)
    before = percent
  }
  expect(before).toBeLessThan(10)
  meter.stored(1, mebibyte, 12_100)
  expect(meter.snapshot(12_100).percent).toBe(10)
})

test('stands still where a request fails until it is made up for, and says what a pause gave up', () => {
  const meter = new ProgressMeter(10 * mebibyte, () => mebibyte)
  meter.begin(0)
  meter.started(1, 2 * mebibyte, 0)
  meter.inFlight(1, mebibyte, 1000)
  const { sent } = meter.snapshot(1000)
  meter.landed(1)
  expect(meter.snapshot(1100)).toMatchObject({ sent, loaded: 0, givenUp: 0 })
  meter.started(1, 2 * mebibyte, 1200)
  meter.inFlight(1, mebibyte / 2, 1700)
  expect(meter.snapshot(1700).sent).toBe(sent)
  meter.stopping(1800)
  meter.landed(1)
  meter.end()
  expect(meter.snapshot(1800)).toMatchObject({ sent: 0, loaded: 0, givenUp: mebibyte / 2 })
})

test('says how much of what was told as stored is lost, until it is made up for', () => {
  const meter = new ProgressMeter(10 * mebibyte)
  meter.begin(0)
  meter.found(4 * mebibyte)
  meter.lost(4 * mebibyte)
  expect(meter.snapshot(0).lost).toBe(0)
  meter.found(6 * mebibyte)
  expect(meter.snapshot(100).lost).toBe(0)
  meter.lost(2 * mebibyte)
  expect(meter.snapshot(200)).toMatchObject({ loaded: 4 * mebibyte, lost: 2 * mebibyte })
  meter.stored(1, mebibyte, 300)
  expect(meter.snapshot(400).lost).toBe(mebibyte)
  meter.stored(2, 2 * mebibyte, 500)
  expect(meter.snapshot(600).lost).toBe(0)
})

test('never tells a number that is none, nor more than there is, whatever happens', () => {
  const event = fc.record({
    kind: fc.constantFrom('begin', 'end', 'started', 'inFlight', 'landed', 'stored', 'found', 'lost'),
    bytes: fc.nat(1000),
    part: fc.integer({ min: 1, max: 5 }),
    wait: fc.nat(5000),
  })
  fc.assert(
    fc.property(fc.nat(3000), fc.array(event, { maxLength: 100 }), (total, events) => {
      const meter = new ProgressMeter(total)
      let now = 0
      for (const { kind, bytes, part, wait } of events) {
        now += wait
        if (kind === 'begin') meter.begin(now)
        else if (kind === 'end') meter.end()
        else if (kind === 'started') meter.started(part, bytes, now)
        else if (kind === 'inFlight') meter.inFlight(part, bytes, now)
        else if (kind === 'landed') meter.landed(part)
        else if (kind === 'stored') meter.stored(part, bytes, now)
        else if (kind === 'found') meter.found(bytes)
        else meter.lost(bytes)
        const { loaded, sent, percent, speed, secondsLeft } = meter.snapshot(now)
        expect(loaded).toBeGreaterThanOrEqual(0)
        expect(sent).toBeGreaterThanOrEqual(loaded)
        expect(sent).toBeLessThanOrEqual(total)
        expect(percent).toBeGreaterThanOrEqual(0)
        expect(percent).toBeLessThanOrEqual(100)
        for (const value of [speed, secondsLeft]) {
          if (value === null) continue
          expect(Number.isFinite(value)).toBe(true)
          expect(value).toBeGreaterThanOrEqual(0)
        }
      }
    }),
  )
})
