import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planParts, rangeOf, sizeOf } from './part-plan.js'

test.each([
  [0, 10, 1],
  [1, 10, 1],
  [10, 10, 1],
  [11, 10, 2],
  [5 * 2 ** 40, 550 * 2 ** 20, 9533],
])('%i bytes in parts of %i are %i parts', (size, partSize, partCount) => {
  expect(planParts(size, partSize)).toEqual({ size, partSize, partCount })
})

test.each([
  [-1, 10],
  [1.5, 10],
  [10, 0],
  [Number.NaN, 1],
  [100_001, 10],
])('%d bytes in parts of %d are refused', (size, partSize) => {
  expect(() => planParts(size, partSize)).toThrow(RangeError)
})

test('parts follow each other without gap or overlap and make up the file', () => {
  fc.assert(
    fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 600 }), (size, partSize) => {
      const plan = planParts(size, partSize)
      let end = 0
      for (let partNumber = 1; partNumber <= plan.partCount; partNumber++) {
        const range = rangeOf(plan, partNumber)
        expect(range.start).toBe(end)
        expect(sizeOf(plan, partNumber)).toBe(range.end - range.start)
        if (partNumber < plan.partCount) expect(sizeOf(plan, partNumber)).toBe(partSize)
        end = range.end
      }
      expect(end).toBe(size)
    }),
  )
})
