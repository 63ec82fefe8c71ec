import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acknowledged, congested, initialLanes } from './lane-control.js'
import type { LaneState } from './lane-control.js'

const partSize = 4 * 2 ** 20

/** A line on which `rateOf(lanes)` bytes per second are acknowledged, for `seconds` from second `from` on. */
function drive(state: LaneState, rateOf: (lanes: number) => number, seconds: number, from = 0): LaneState {
  let now = from * 1000
  while (now < (from + seconds) * 1000) {
    now += (partSize / rateOf(state.lanes)) * 1000
    state = acknowledged(state, partSize, now, true)
  }
  return state
}

test('starts with six lanes, or fewer when fewer are allowed', () => {
  expect(initialLanes(6).lanes).toBe(6)
  expect(initialLanes(32).lanes).toBe(6)
  expect(initialLanes(2).lanes).toBe(2)
})

test('takes all lanes of a line that carries more with each', () => {
  expect(drive(initialLanes(6), (lanes) => lanes * 2e6, 120).lanes).toBe(6)
})

test('stays near its start on a line that carries no more with more', () => {
  expect(drive(initialLanes(32), () => 4e6, 600).lanes).toBeLessThanOrEqual(7)
})

test('takes so few lanes of a thin line that no part takes long', () => {
  const { lanes } = drive(initialLanes(6), () => 4e5, 600)
  expect((lanes * partSize) / 4e5).toBeLessThanOrEqual(20)
  expect(drive(initialLanes(6), () => 1e4, 20_000).lanes).toBe(1)
})

test('takes all lanes again once a thin line has become wide', () => {
  const thin = drive(initialLanes(6), () => 2e5, 600)
  expect(thin.lanes).toBe(1)
  expect(drive(thin, (lanes) => lanes * 2e6, 600, 1_000).lanes).toBe(6)
})

test('finds the number from which on more lanes gain nothing', () => {
  const { lanes } = drive(initialLanes(16), (n) => Math.min(n, 8) * 2e6, 120)
  expect(lanes).toBeGreaterThanOrEqual(7)
  expect(lanes).toBeLessThanOrEqual(9)
})

test('halves once for a burst of complaints', () => {
  let state = drive(initialLanes(6), (lanes) => lanes * 2e6, 120)
  for (let n = 0; n < 6; n++) state = congested(state, 200_000 + n)
  expect(state.lanes).toBe(3)
  expect(congested(state, 210_000).lanes).toBe(1)
})

test('learns nothing from a line that it does not fill', () => {
  let state = initialLanes(6)
  state = congested(state, 0)
  const { lanes } = state
  for (let n = 0; n < 1000; n++) state = acknowledged(state, partSize, n * 100, false)
  expect(state.lanes).toBe(lanes)
})

test('stays between one lane and the ceiling, whatever happens', () => {
  const event = fc.record({
    bytes: fc.integer({ min: 0, max: 1e9 }),
    wait: fc.integer({ min: 0, max: 60_000 }),
    kind: fc.constantFrom('acknowledged', 'idle', 'congested'),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 32 }), fc.array(event, { maxLength: 300 }), (ceiling, events) => {
      let state = initialLanes(ceiling)
      let now = 0
      for (const { bytes, wait, kind } of events) {
        now += wait
        state =
          kind === 'congested'
            ? congested(state, now)
            : acknowledged(state, bytes, now, kind === 'acknowledged')
        expect(state.lanes).toBeGreaterThanOrEqual(1)
        expect(state.lanes).toBeLessThanOrEqual(ceiling)
      }
    }),
  )
})
