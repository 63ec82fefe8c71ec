import { expect, it } from 'vitest'
import { restAfter } from './copy-pace.js'

const MiB = 2 ** 20

it.each([
  ['a line slower than the machine', 8 * MiB, 80, 10 * MiB, 5_000, 80],
  ['a line as fast as the machine', 8 * MiB, 80, 100 * MiB, 5_000, 720],
  ['a slow line, on a machine that is busy otherwise', 8 * MiB, 1_000, 10 * MiB, 5_000, 9_000],
  ['a line of which nothing is known yet', 8 * MiB, 80, null, 500, 720],
  ['an upload that stands still', 8 * MiB, 80, null, 5_000, 80],
])('%s', (_, bytes, took, speed, since, rest) => {
  expect(restAfter(bytes, took, speed, since)).toBe(rest)
})
