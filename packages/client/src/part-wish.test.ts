import { expect, it } from 'vitest'
import { isTooCoarse, wishedPartSize } from './part-wish.js'

const MiB = 2 ** 20
const GiB = 2 ** 30

it.each([
  ['a small one in parts that fill all lanes', 30 * MiB, null, 5 * MiB],
  ['a very small one in no smaller parts than are worth a request', 9 * MiB, null, 4 * MiB],
  ['a middling one in the usual parts', 100 * MiB, null, 8 * MiB],
  ['a large one in larger parts', GiB, null, 16 * MiB],
  ['a very large one in no larger parts than are little to lose', 40 * GiB, null, 32 * MiB],
  ['a very large one over a thin line in the usual parts', 40 * GiB, 1e6, 8 * MiB],
  ['a very large one over a middling line in what six of take ten seconds', 40 * GiB, 12e6, 19 * MiB],
])('cuts %s', (_, size, speed, wish) => {
  expect(wishedPartSize(size, speed)).toBe(wish)
})

it('never finds parts too coarse that it wishes for that line, nor the usual ones', () => {
  for (let speed = 1; speed < 1e9; speed *= 1.7) {
    expect(isTooCoarse(wishedPartSize(40 * GiB, speed), speed)).toBe(false)
  }
  expect(isTooCoarse(32 * MiB, 1e6)).toBe(true)
})
