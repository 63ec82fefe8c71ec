import { expect, it } from 'vitest'
import { restAfter } from './copy-pace.js'

const MB = 1_000_000

const hour = 3_600

it.each([
  ['beside a line that is slow, half of a thread', 8 * MB, 80, 10 * MB, hour, 5_000, 80],
  ['beside one that takes half of the machine, less', 8 * MB, 80, 40 * MB, hour, 5_000, 320],
  ['beside one that takes all of it, a fourteenth of what is sent', 7 * MB, 70, 100 * MB, hour, 5_000, 930],
  ['on a machine that is busy otherwise, as fast as it sends', 8 * MB, 133, 20 * MB, hour, 5_000, 264],
  ['before the line is known, a tenth of a thread', 8 * MB, 80, null, null, 500, 720],
  ['beside an upload that stands still, half of a thread', 8 * MB, 80, null, null, 5_000, 80],
  [
    'beside a fast one that is soon over, a fourteenth of what is sent',
    7 * MB,
    70,
    40 * MB,
    15,
    5_000,
    2_430,
  ],
  ['beside a slow one that is soon over, half of a thread', 8 * MB, 80, 10 * MB, 15, 5_000, 80],
])('%s', (_, bytes, took, speed, secondsLeft, since, rest) => {
  expect(Math.round(restAfter(bytes, took, { speed, secondsLeft }, since))).toBe(rest)
})
