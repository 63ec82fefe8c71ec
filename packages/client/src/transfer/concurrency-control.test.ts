import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acknowledged, congested, initialConcurrency } from './concurrency-control.js'
import type { ConcurrencyState } from './concurrency-control.js'

const partSize = 4 * 2 ** 20

/** Simulates a line that acknowledges `rateOf(concurrency)` bytes per second, for `seconds` from second `from` on. */
function drive(
  state: ConcurrencyState,
  rateOf: (limit: number) => number,
  seconds: number,
  from = 0,
): ConcurrencyState {
  let now = from * 1000
  while (now < (from + seconds) * 1000) {
    now += (partSize / rateOf(state.limit)) * 1000
    state = acknowledged(state, partSize, now, true)
  }
  return state
}

test('starts with six requests, or fewer when fewer are allowed', () => {
  expect(initialConcurrency(6).limit).toBe(6)
  expect(initialConcurrency(32).limit).toBe(6)
  expect(initialConcurrency(2).limit).toBe(2)
})

test('uses all requests on a line that carries more with each', () => {
  expect(drive(initialConcurrency(6), (limit) => limit * 2e6, 120).limit).toBe(6)
})

test('stays near its start on a line that carries no more with more', () => {
  expect(drive(initialConcurrency(32), () => 4e6, 600).limit).toBeLessThanOrEqual(7)
})

test('uses so few requests on a thin line that no part takes long', () => {
  const { limit } = drive(initialConcurrency(6), () => 4e5, 600)
  expect((limit * partSize) / 4e5).toBeLessThanOrEqual(20)
  expect(drive(initialConcurrency(6), () => 1e4, 20_000).limit).toBe(1)
})

test('uses all requests again once a thin line has become wide', () => {
  const thin = drive(initialConcurrency(6), () => 2e5, 600)
  expect(thin.limit).toBe(1)
  expect(drive(thin, (limit) => limit * 2e6, 600, 1_000).limit).toBe(6)
})

test('finds the number from which on more requests gain nothing', () => {
  const { limit } = drive(initialConcurrency(16), (n) => Math.min(n, 8) * 2e6, 120)
  expect(limit).toBeGreaterThanOrEqual(7)
  expect(limit).toBeLessThanOrEqual(9)
})

test('halves once for a burst of complaints', () => {
  let state = drive(initialConcurrency(6), (limit) => limit * 2e6, 120)
  for (let n = 0; n < 6; n++) state = congested(state, 200_000 + n)
  expect(state.limit).toBe(3)
  expect(congested(state, 210_000).limit).toBe(1)
})

test('learns nothing from a line that it does not fill', () => {
  let state = initialConcurrency(6)
  state = congested(state, 0)
  const { limit } = state
  for (let n = 0; n < 1000; n++) state = acknowledged(state, partSize, n * 100, false)
  expect(state.limit).toBe(limit)
})

test('stays between one request and the ceiling, whatever happens', () => {
  const event = fc.record({
    bytes: fc.integer({ min: 0, max: 1e9 }),
    wait: fc.integer({ min: 0, max: 60_000 }),
    kind: fc.constantFrom('acknowledged', 'idle', 'congested'),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 32 }), fc.array(event, { maxLength: 300 }), (ceiling, events) => {
      let state = initialConcurrency(ceiling)
      let now = 0
      for (const { bytes, wait, kind } of events) {
        now += wait
        state =
          kind === 'congested'
            ? congested(state, now)
            : acknowledged(state, bytes, now, kind === 'acknowledged')
        expect(state.limit).toBeGreaterThanOrEqual(1)
        expect(state.limit).toBeLessThanOrEqual(ceiling)
      }
    }),
  )
})
