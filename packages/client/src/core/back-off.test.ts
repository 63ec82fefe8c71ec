import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backOff } from './back-off.js'

const below1 = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('waits between a quarter of a second and half a minute, whatever happens', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), below1, (failures, random) => {
      const wait = backOff(failures, random)
      expect(wait).toBeGreaterThanOrEqual(250)
      expect(wait).toBeLessThanOrEqual(30_000)
    }),
  )
})

test('may wait twice as long after each failure', () => {
  expect([1, 2, 3, 4, 7, 8].map((failures) => Math.round(backOff(failures, 1)))).toEqual([
    500, 1000, 2000, 4000, 30_000, 30_000,
  ])
})

test('waits at least as long as it was asked to', () => {
  expect(backOff(1, 0, 5000)).toBe(5000)
  expect(backOff(8, 1, 5000)).toBe(30_000)
})

test('waits five minutes at most, whatever it was asked to', () => {
  for (const asked of [300_001, 2_592_000_000, Infinity]) expect(backOff(1, 0, asked)).toBe(300_000)
})
