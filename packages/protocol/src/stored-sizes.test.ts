import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstGroup, groupSize, lastOfGroup, planOpenParts, planParts, sizeOf } from './part-plan.js'
import type { PartPlan } from './part-plan.js'
import { storedSizes } from './stored-sizes.js'

const MiB = 2 ** 20
const inFlight = 6

const partsOf = (plan: PartPlan, numbers: readonly number[]) =>
  numbers.map((partNumber) => ({ partNumber, size: sizeOf(plan, partNumber) }))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

const sizes = fc.integer({ min: 13 * MiB, max: 400 * MiB })
const groups = fc
  .array(fc.integer({ min: 1, max: 32 }), { minLength: 1, maxLength: 8 })
  .map((counts) => [
    { after: 0, partSize: MiB },
    ...counts.map((count, index) => ({ after: firstGroup + index * groupSize, partSize: count * MiB })),
  ])

describe('the sizes that stored parts tell', () => {
  test('are those that an upload was cut by when it stopped, with any of six parts in flight missing', () => {
    fc.assert(
      fc.property(
        sizes,
        groups,
        fc.nat(),
        fc.array(fc.boolean(), { minLength: inFlight, maxLength: inFlight }),
        (size, runs, progress, arrived) => {
          const plan = planParts(size, runs)
          const sure = progress % plan.partCount
          const late = arrived.flatMap((is, index) =>
            is && sure + index < plan.partCount ? [sure + index + 1] : [],
          )
          const numbers = [...upTo(sure), ...late]
          const inferred = storedSizes(size, MiB, partsOf(plan, numbers))
          const again = planOpenParts(size, inferred.runs, inferred.fixed)
          // The file's last part alone reveals little about its group.
          const last = numbers.at(-1) ?? 0
          const isAlone = last === plan.partCount && !numbers.includes(last - 1)
          for (const number of numbers) {
            if (number !== last || !isAlone) expect(sizeOf(again, number)).toBe(sizeOf(plan, number))
          }
          expect(again.partCount).toBeGreaterThanOrEqual(last)
          expect(inferred.fixed).toBe(last === 0 ? firstGroup : Math.max(firstGroup, lastOfGroup(last)))
        },
      ),
    )
  })

  test('are decided up to the last group of which anything is stored', () => {
    const plan = planParts(100 * MiB, [
      { after: 0, partSize: MiB },
      { after: 4, partSize: 4 * MiB },
    ])
    expect(storedSizes(plan.size, MiB, partsOf(plan, [1, 2]))).toEqual({
      runs: [{ after: 0, partSize: MiB }],
      fixed: 4,
    })
    expect(storedSizes(plan.size, MiB, partsOf(plan, [1, 2, 7]))).toEqual({
      runs: [
        { after: 0, partSize: MiB },
        { after: 4, partSize: 4 * MiB },
      ],
      fixed: 12,
    })
  })

  test('are what most bytes say where two machines have sent different ones', () => {
    const size = 200 * MiB
    const cut = (large: number) =>
      planParts(size, [
        { after: 0, partSize: MiB },
        { after: 4, partSize: large },
      ])
    const stored = [...partsOf(cut(8 * MiB), [5, 6]), ...partsOf(cut(2 * MiB), [7, 8])]
    expect(storedSizes(size, MiB, stored).runs.at(-1)).toEqual({ after: 4, partSize: 8 * MiB })
    // Except when that would leave a part over.
    const over = [...stored, ...partsOf(cut(2 * MiB), [90])]
    const inferred = storedSizes(size, MiB, over)
    expect(planOpenParts(size, inferred.runs, inferred.fixed).partCount).toBeGreaterThanOrEqual(90)
  })

  test('of any list are a plan of the file', () => {
    const list = fc
      .array(fc.record({ partNumber: fc.integer({ min: 1, max: 10_000 }), size: fc.nat(50 * MiB) }), {
        maxLength: 20,
      })
      .map((parts) => parts.sort((one, other) => one.partNumber - other.partNumber))
    fc.assert(
      fc.property(sizes, list, (size, stored) => {
        const { runs, fixed } = storedSizes(size, MiB, stored)
        const plan = planOpenParts(size, runs, fixed)
        expect(sizeOf(plan, plan.partCount)).toBeGreaterThan(0)
      }),
    )
  })

  test('are found in one walk over the list', () => {
    const groups = Array.from({ length: 1_249 }, (_, index) => firstGroup + index * groupSize)
    const runs = [0, ...groups].map((after, index) => ({ after, partSize: (1 + (index % 2)) * MiB }))
    const plan = planParts(9_990 * MiB, runs)
    let reads = 0
    const stored = partsOf(plan, upTo(plan.partCount)).map(({ partNumber, size }) => ({
      get partNumber() {
        reads += 1
        return partNumber
      },
      size,
    }))
    expect(storedSizes(plan.size, MiB, stored).runs).toEqual(plan.runs)
    expect(reads).toBeLessThanOrEqual(4 * plan.partCount)
  })
})
