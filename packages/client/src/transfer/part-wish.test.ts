import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grownPartSize, wishedPartSize } from './part-wish.js'

const MiB = 2 ** 20
const GiB = 2 ** 30

it.each([
  ['a small one in parts that fill all lanes', 30 * MiB, null, 5 * MiB],
  ['a very small one in no smaller parts than are worth a request', 9 * MiB, null, 4 * MiB],
  ['a middling one over a fast line in as many as there are lanes', 100 * MiB, 1e9, 17 * MiB],
  ['any larger one in the usual parts over a line that nobody knows', 40 * GiB, null, 8 * MiB],
  ['a very large one over a fast line in no larger parts than are little to lose', 40 * GiB, 1e9, 32 * MiB],
  ['a very large one over a thin line in the usual parts', 40 * GiB, 1e6, 8 * MiB],
  ['a very large one over a middling line in what six of take five seconds', 40 * GiB, 21e6, 16 * MiB],
])('cuts %s', (_, size, speed, wish) => {
  expect(wishedPartSize(size, speed)).toBe(wish)
})

describe('parts that follow', () => {
  it.each([
    [
      'are as large as before over a line on which six of twice the size take more than five seconds',
      8,
      1000,
      20,
      8,
    ],
    ['grow with what the line carries', 8, 10_000, 31, 24],
    ['take 32 MiB at most', 8, 1152, 1000, 32],
    ['or a little more where that spares all lanes a turn', 8, 220, 1000, 37],
    ['leave no lane to send one more than the others', 8, 160, 1000, 27],
    ['fill all lanes in each turn', 8, 1400, 1000, 30],
    ['do not grow for a rest that is little', 8, 90, 1000, 8],
    ['grow no more where the file needs large ones anyway', 17, 10_000, 1000, 17],
    ['grow by less where they are larger to begin with', 10, 10_000, 1000, 31.25],
    ['do not shrink on a line that stands', 8, 1000, 0, 8],
  ])('%s', (_, partSize, rest, speed, grown) => {
    expect(grownPartSize(partSize * MiB, rest * MiB, speed * 1e6) / MiB).toBe(grown)
  })

  it('are no more than fill all lanes in as few turns as can be, nor larger than the line and the limit allow', () => {
    const sizes = fc.integer({ min: 1, max: 20 }).map((count) => count * MiB)
    const rests = fc.integer({ min: 1, max: 40 * GiB })
    fc.assert(
      fc.property(sizes, rests, fc.integer({ min: 0, max: 2e9 }), (partSize, rest, speed) => {
        const grown = grownPartSize(partSize, rest, speed)
        if (grown === partSize) return
        expect(grown).toBeGreaterThanOrEqual(2 * partSize)
        const most = Math.min(32 * MiB, 4 * partSize, (speed * 5) / 6)
        expect(grown).toBeLessThanOrEqual(1.25 * most + partSize / 8)
        expect(grown % (partSize / 8)).toBe(0)
        // In as few turns as that allows.
        expect(Math.ceil(rest / grown)).toBeLessThanOrEqual(6 * Math.ceil(rest / (6 * (most - partSize / 8))))
      }),
    )
  })
})
