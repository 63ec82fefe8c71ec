import { expect, it } from 'vitest'
import { restAfter } from './copy-pace.js'

const MB = 1_000_000

it.each([
  ['beside a line that is slow, half of a thread', 8 * MB, 80, 10 * MB, 5_000, 80],
  ['beside one that takes half of the machine, less', 8 * MB, 80, 40 * MB, 5_000, 320],
  ['beside one that takes all of it, a fourteenth of what is sent', 7 * MB, 70, 100 * MB, 5_000, 930],
  ['on a machine that is busy otherwise, as fast as it sends', 8 * MB, 133, 20 * MB, 5_000, 264],
  ['before the line is known, a tenth of a thread', 8 * MB, 80, null, 500, 720],
  ['beside an upload that stands still, half of a thread', 8 * MB, 80, null, 5_000, 80],
])('%s', (_, bytes, took, speed, since, rest) => {
  expect(Math.round(restAfter(bytes, took, speed, since))).toBe(rest)
})
