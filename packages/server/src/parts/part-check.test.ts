import { type PartPlan, planParts } from '@carryon/protocol'
import { describe, expect, test } from 'vitest'
import { findPartMismatches, missingPartNumbers } from './part-check.js'

const plan = planParts(25, 10)
const stored = [
  { partNumber: 1, size: 10, etag: 'a' },
  { partNumber: 2, size: 10, etag: 'b' },
  { partNumber: 3, size: 5, etag: 'c' },
]

describe('findPartMismatches', () => {
  test('parts that are all there as declared', () => {
    expect(findPartMismatches(plan, stored, ['a', 'b', 'c'])).toEqual([])
  })
  test('quotes around an ETag do not matter', () => {
    expect(findPartMismatches(plan, stored, ['"a"', 'b', '"c"'])).toEqual([])
  })
  test('without ETags numbers and sizes count', () => {
    expect(findPartMismatches(plan, stored, null)).toEqual([])
    expect(findPartMismatches(planParts(26, 10), stored, null)).toEqual([3])
  })
  test('an ETag that the client could not see is the one that the store lists', () => {
    expect(findPartMismatches(plan, stored, ['a', '', 'c'])).toEqual([])
    expect(findPartMismatches(plan, stored, ['', 'x', ''])).toEqual([2])
    expect(findPartMismatches(plan, stored.slice(1), ['', '', ''])).toEqual([1])
  })
  test('a missing part', () => {
    expect(findPartMismatches(plan, stored.slice(1), ['a', 'b', 'c'])).toEqual([1])
  })
  test('a part of another size, one of other content, one too many', () => {
    const odd = [
      { partNumber: 1, size: 9, etag: 'a' },
      { partNumber: 2, size: 10, etag: 'x' },
      { partNumber: 3, size: 5, etag: 'c' },
      { partNumber: 4, size: 10, etag: 'd' },
    ]
    expect(findPartMismatches(plan, odd, ['a', 'b', 'c'])).toEqual([1, 2, 4])
  })
  test('an empty file is one empty part', () => {
    const empty = planParts(0, 10)
    expect(findPartMismatches(empty, [{ partNumber: 1, size: 0, etag: 'e' }], ['e'])).toEqual([])
    expect(findPartMismatches(empty, [], ['e'])).toEqual([1])
  })
  test('ten thousand parts of many sizes are one walk over the sizes', () => {
    let reads = 0
    const runs = Array.from({ length: 1_250 }, (_, index) => ({
      after: index * 8,
      get partSize() {
        reads += 1
        return 10 + (index % 2)
      },
    }))
    const many: PartPlan = { size: 105_000, runs, partCount: 10_000 }
    expect(findPartMismatches(many, [], null)).toHaveLength(10_000)
    expect(reads).toBeLessThanOrEqual(many.partCount + runs.length)
  })
})

describe('missingPartNumbers', () => {
  test('the first ones that are not there', () => {
    expect(missingPartNumbers(3, stored.slice(0, 1), 10)).toEqual([2, 3])
    expect(missingPartNumbers(10_000, [], 2)).toEqual([1, 2])
  })
})
