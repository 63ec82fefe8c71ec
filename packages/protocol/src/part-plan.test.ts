import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  firstGroup,
  groupSize,
  isCutAlike,
  isGroupStart,
  largestPartSize,
  lastOfGroup,
  leastPartSize,
  maxParts,
  partAt,
  partSizes,
  planOpenParts,
  planParts,
  rangeOf,
  sizeOf,
} from './part-plan.js'
import type { PartRun } from './part-plan.js'

const MiB = 2 ** 20

test.each([
  [0, 10, 1],
  [1, 10, 1],
  [10, 10, 1],
  [11, 10, 2],
  [5 * 2 ** 40, 550 * MiB, 9533],
])('%i bytes in parts of %i are %i parts', (size, partSize, partCount) => {
  expect(planParts(size, partSize)).toEqual({ size, runs: [{ after: 0, partSize }], partCount })
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

test.each([
  ['that are none', []],
  ['that do not begin with the first part', [{ after: 4, partSize: 1 }]],
  [
    'out of order',
    [
      { after: 0, partSize: 1 },
      { after: 8, partSize: 2 },
      { after: 4, partSize: 3 },
    ],
  ],
])('runs %s are refused', (_, runs) => {
  expect(() => planParts(100, runs)).toThrow(RangeError)
})

/** Runs at group starts, sizes in bytes. */
const runsOf = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 }).map((sizes) =>
  sizes.map((partSize, index) => ({
    after: index === 0 ? 0 : firstGroup + (index - 1) * groupSize,
    partSize,
  })),
)

test('parts follow each other without gap or overlap and make up the file, and each byte is in one', () => {
  fc.assert(
    fc.property(fc.nat(5_000), runsOf, (size, runs) => {
      const plan = planParts(size, runs)
      let end = 0
      for (let partNumber = 1; partNumber <= plan.partCount; partNumber++) {
        const range = rangeOf(plan, partNumber)
        expect(range.start).toBe(end)
        expect(sizeOf(plan, partNumber)).toBe(range.end - range.start)
        const wanted = runs.findLast(({ after }) => after < partNumber)?.partSize ?? 0
        if (partNumber < plan.partCount) expect(sizeOf(plan, partNumber)).toBe(wanted)
        else expect(sizeOf(plan, partNumber)).toBeLessThanOrEqual(wanted)
        if (size > 0) for (const at of [range.start, range.end - 1]) expect(partAt(plan, at)).toBe(partNumber)
        end = range.end
      }
      expect(end).toBe(size)
    }),
  )
})

test('a run that changes nothing, or that the file does not reach, is none', () => {
  const plain = planParts(100, 10)
  expect(planParts(100, [...plain.runs, { after: 12, partSize: 30 }])).toEqual(plain)
  expect(planParts(100, [...plain.runs, { after: 4, partSize: 10 }])).toEqual(plain)
  expect(isCutAlike(plain, planParts(100, 10))).toBe(true)
  expect(isCutAlike(plain, planParts(100, [...plain.runs, { after: 4, partSize: 20 }]))).toBe(false)
})

test('groups follow each other: a first small one, then of eight', () => {
  const starts = Array.from({ length: 30 }, (_, after) => after).filter((after) => isGroupStart(after))
  expect(starts).toEqual([0, 4, 12, 20, 28])
  expect([1, 4, 5, 12, 13].map((number) => lastOfGroup(number))).toEqual([4, 4, 12, 12, 20])
})

test('what is not decided yet is supposed to be as large as it has to be for the 10 000 numbers', () => {
  const size = 30 * 1024 * MiB
  const plan = planOpenParts(size, [{ after: 0, partSize: MiB }], firstGroup)
  expect(plan.partCount).toBeLessThanOrEqual(maxParts)
  expect(plan.runs).toEqual([
    { after: 0, partSize: MiB },
    { after: 4, partSize: 4 * MiB },
  ])
  expect(planOpenParts(100, [{ after: 0, partSize: 10 }], firstGroup)).toEqual(planParts(100, 10))
})

test('any file of up to 48 TiB fits, whatever was decided before', () => {
  const sizes = fc.integer({ min: 0, max: 48 * 2 ** 40 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 200 }), (size, groups) => {
      const fixed = firstGroup + groups * groupSize
      expect(planOpenParts(size, [{ after: 0, partSize: MiB }], fixed).partCount).toBeLessThanOrEqual(
        maxParts,
      )
    }),
  )
  expect(() => leastPartSize(1, maxParts)).toThrow(RangeError)
})

test('the sizes of all parts at once are those of each, and take one walk over the runs', () => {
  let reads = 0
  const counted = ({ after, partSize }: PartRun): PartRun => ({
    after,
    get partSize() {
      reads += 1
      return partSize
    },
  })
  const groups = Array.from({ length: 1_249 }, (_, index) => firstGroup + index * groupSize)
  const runs = [0, ...groups].map((after, index) => ({ after, partSize: 10 + (index % 2) }))
  for (const last of [1, 7, 10]) {
    const plan = planParts(9_996 * 10 + 625 * 8 + last, runs)
    reads = 0
    const sizes = partSizes({ ...plan, runs: plan.runs.map(counted) })
    expect(reads).toBeLessThanOrEqual(plan.partCount + plan.runs.length)
    expect(sizes).toEqual(Array.from({ length: plan.partCount }, (_, index) => sizeOf(plan, index + 1)))
  }
  expect(partSizes(planParts(0, 10))).toEqual([0])
})

test.each([
  ['an empty file', 0, MiB, 64 * MiB],
  ['a file that fits parts of 1 MiB', 1024 * MiB, MiB, 64 * MiB],
  ['one whose first parts are larger', 1024 * MiB, 100 * MiB, 100 * MiB],
  ['1 TiB', 2 ** 40, MiB, 210 * MiB],
  ['5 TiB', 5 * 2 ** 40, 5 * MiB, 1050 * MiB],
])('the largest part of %s', (_, size, first, largest) => {
  expect(largestPartSize(size, first)).toBe(largest)
})

test('where a part begins is found without going through all runs', () => {
  let reads = 0
  const plain = Array.from({ length: 1_000 }, (_, index) => ({
    after: index === 0 ? 0 : firstGroup + (index - 1) * groupSize,
    partSize: 10 + index,
  }))
  const runs = plain.map(({ after, partSize }) => ({
    get after() {
      reads += 1
      return after
    },
    partSize,
  }))
  const plan = planParts(5_000_000, plain)
  const counted = { ...plan, runs }
  for (let partNumber = 1; partNumber <= plan.partCount; partNumber++) {
    expect(rangeOf(counted, partNumber)).toEqual(rangeOf(plan, partNumber))
  }
  expect(plan.partCount).toBeGreaterThan(5_000)
  expect(reads / plan.partCount).toBeLessThan(20)
})
