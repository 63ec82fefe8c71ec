import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCutAlike, partAt, planParts, rangeOf, sizeOf } from './part-plan.js'

test.each([
  [0, 10, 1],
  [1, 10, 1],
  [10, 10, 1],
  [11, 10, 2],
  [5 * 2 ** 40, 550 * 2 ** 20, 9533],
])('%i bytes in parts of %i are %i parts', (size, partSize, partCount) => {
  expect(planParts(size, partSize)).toEqual({ size, partSize, partCount, tail: null })
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

test('parts follow each other without gap or overlap and make up the file, and each byte is in one', () => {
  const tails = fc.option(
    fc.record({ after: fc.integer({ min: 1, max: 9 }), partSize: fc.integer({ min: 1, max: 900 }) }),
  )
  fc.assert(
    fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 600 }), tails, (size, partSize, tail) => {
      const plan = planParts(size, partSize, tail)
      let end = 0
      for (let partNumber = 1; partNumber <= plan.partCount; partNumber++) {
        const range = rangeOf(plan, partNumber)
        expect(range.start).toBe(end)
        expect(sizeOf(plan, partNumber)).toBe(range.end - range.start)
        const wanted = tail !== null && partNumber > tail.after ? tail.partSize : partSize
        if (partNumber < plan.partCount) expect(sizeOf(plan, partNumber)).toBe(wanted)
        else expect(sizeOf(plan, partNumber)).toBeLessThanOrEqual(wanted)
        for (const at of [range.start, range.end - 1]) {
          if (size > 0) expect(partAt(plan, at)).toBe(partNumber)
        }
        end = range.end
      }
      expect(end).toBe(size)
    }),
  )
})

test('a tail that is none is none', () => {
  const plain = planParts(100, 10)
  expect(planParts(100, 10, { after: 10, partSize: 30 })).toEqual(plain)
  expect(planParts(100, 10, { after: 4, partSize: 10 })).toEqual(plain)
  expect(isCutAlike(plain, { partSize: 10 })).toBe(true)
  expect(isCutAlike(plain, planParts(100, 10, { after: 4, partSize: 20 }))).toBe(false)
})
