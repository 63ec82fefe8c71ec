import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxParts, sizeOf } from '@carryon/protocol'
import { firstParts, largestFile, openPlan, type PartLimits, planOf } from './part-plan.js'

const MiB = 2 ** 20
const GiB = 2 ** 30
const TiB = 2 ** 40
const cos: PartLimits = {
  minPartSize: MiB,
  maxPartSize: 5 * GiB,
  maxParts: 10_000,
  maxObjectSize: 50_000 * GiB,
  equalParts: false,
}
const s3: PartLimits = { ...cos, minPartSize: 5 * MiB, maxObjectSize: 5 * TiB }

describe('firstParts', () => {
  test.each([
    ['an empty file is one empty part', 0, cos, undefined, 8 * MiB, 1],
    ['one byte', 1, cos, undefined, 8 * MiB, 1],
    ['exactly one part', 8 * MiB, cos, undefined, 8 * MiB, 1],
    ['one byte more', 8 * MiB + 1, cos, undefined, 8 * MiB, 2],
    ['2 GiB', 2 * GiB, cos, undefined, 8 * MiB, 256],
    ['the most that 8 MiB parts hold', 80_000 * MiB, cos, undefined, 8 * MiB, 10_000],
    ['one byte more needs larger parts', 80_000 * MiB + 1, cos, undefined, 9 * MiB, 8_889],
    ['5 TiB', 5 * TiB, cos, undefined, 525 * MiB, 9_987],
    ['the largest object', 50_000 * GiB, cos, undefined, 5 * GiB, 10_000],
    ['a requested size', 100 * MiB, cos, 16 * MiB, 16 * MiB, 7],
    ['a requested size is rounded up to whole MiB', 100 * MiB, cos, 4 * MiB + 1, 5 * MiB, 20],
    ['a requested size below the least', 10 * MiB, cos, 1, MiB, 10],
    ['a requested size above the most', GiB, cos, GiB, 64 * MiB, 16],
    ['a requested size that would make too many parts', 80_000 * MiB, cos, MiB, 8 * MiB, 10_000],
    ['a requested size below the store minimum', 10 * MiB, s3, MiB, 5 * MiB, 2],
  ])('%s', (_, size, limits, requested, partSize, partCount) => {
    expect(firstParts(size, limits, requested)).toEqual({ partSize, partCount, grows: 0 })
  })

  test('any plan covers the file exactly and keeps to the limits', () => {
    const sizes = fc.integer({ min: 0, max: largestFile(cos) })
    const requests = fc.option(fc.integer({ min: 1, max: 2 ** 33 }), { nil: undefined })
    fc.assert(
      fc.property(sizes, requests, fc.constantFrom(cos, s3), (size, requested, limits) => {
        const fitting = Math.min(size, largestFile(limits))
        const { partSize, partCount } = firstParts(fitting, limits, requested)
        const last = sizeOf(planOf({ mode: 'multipart', size: fitting, partSize }, null), partCount)
        expect(partSize % MiB).toBe(0)
        expect(partSize).toBeGreaterThanOrEqual(limits.minPartSize)
        expect(partSize).toBeLessThanOrEqual(limits.maxPartSize)
        expect(partCount).toBeLessThanOrEqual(limits.maxParts)
        expect((partCount - 1) * partSize + last).toBe(fitting)
        expect(last).toBeLessThanOrEqual(partSize)
        expect(last > 0 || fitting === 0).toBe(true)
      }),
    )
  })

  test('parts that may grow begin as small as the store takes them, however large the file is', () => {
    for (const [limits, least, requested] of [
      [cos, MiB, undefined],
      [cos, MiB, 16 * MiB],
      [s3, 5 * MiB, undefined],
    ] as const) {
      const first = firstParts(5 * TiB, limits, requested, true)
      expect(first).toMatchObject({ partSize: least, grows: 1 })
      expect(first.partCount).toBeLessThanOrEqual(maxParts)
      expect(openPlan({ size: 5 * TiB, ...first }, []).partCount).toBe(first.partCount)
    }
  })

  test('a store that wants equal parts gets them', () => {
    const equal = { ...s3, equalParts: true }
    expect(firstParts(TiB, equal, MiB, true)).toMatchObject({ partSize: 105 * MiB, grows: 0 })
  })

  test.each([-1, Number.NaN, 50_000 * GiB + 1])('no plan exists for %d bytes', (size) => {
    expect(() => firstParts(size, cos)).toThrow(RangeError)
  })
})
