import { expect, it } from 'vitest'
import { isEnding, restAfter } from './copy-pace.js'

const MB = 1_000_000

const hour = 3_600

it.each([
  ['beside a line that is slow, half of a thread', 8 * MB, 80, 10 * MB, hour, 5_000, 80],
  ['beside one that takes half of the machine, less', 8 * MB, 80, 40 * MB, hour, 5_000, 320],
  ['beside one that leaves a fifth of its own speed, that', 9 * MB, 90, 45 * MB, hour, 5_000, 810],
  ['beside one that leaves less, nothing', 9 * MB, 90, 46 * MB, hour, 5_000, null],
  ['beside one that takes all of it, nothing', 7 * MB, 70, 100 * MB, hour, 5_000, null],
  ['on a machine that is busy otherwise, as fast as it sends', 8 * MB, 133, 20 * MB, hour, 5_000, 264],
  ['before the line is known, a tenth of a thread', 8 * MB, 80, null, null, 500, 720],
  ['beside an upload that stands still, half of a thread', 8 * MB, 80, null, null, 5_000, 80],
  ['beside a fast one that is soon over, nothing', 7 * MB, 70, 40 * MB, 15, 5_000, null],
  ['beside a slow one that is soon over, half of a thread', 8 * MB, 80, 10 * MB, 15, 5_000, 80],
])('%s', (_, bytes, took, speed, secondsLeft, since, rest) => {
  const found = restAfter(bytes, took, { speed, secondsLeft }, since)
  expect(found === null ? null : Math.round(found)).toBe(rest)
})

it.each([
  ['soon, and is not copied: within five seconds', 5, 10 * MB, true],
  ['later: before', 6, 10 * MB, false],
  ['later: when what was sent may be in a buffer', 5, 9 * MB, false],
  ['nobody knows when: while nothing is sent', null, 10 * MB, false],
])('ends %s', (_, secondsLeft, carried, expected) => {
  expect(isEnding({ secondsLeft, total: 100 * MB, loaded: 50 * MB }, carried)).toBe(expected)
})
