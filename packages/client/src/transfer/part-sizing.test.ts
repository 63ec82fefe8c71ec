import { firstGroup, largestPartSize, maxParts } from '@carryon/protocol'
import { expect, it } from 'vitest'
import { PartLayout } from './part-layout.js'
import { mostInFlight, nextPartSize } from './part-sizing.js'

const MiB = 2 ** 20
const TiB = 2 ** 40

it.each([
  ['1 TiB over an unknown line', TiB, MiB, null],
  ['1 TiB over 1 Gbit/s', TiB, MiB, 125_000_000],
  ['5 TiB over an unknown line', 5 * TiB, MiB, null],
  ['5 TiB over 100 Mbit/s', 5 * TiB, MiB, 12_500_000],
  ['5 TiB over 1 Gbit/s, to S3', 5 * TiB, 5 * MiB, 125_000_000],
])('%s is cut into parts that its permission allows', (_, size, first, speed) => {
  const layout = new PartLayout(size, [{ after: 0, partSize: first }], firstGroup)
  while (!layout.isSettled) {
    const { fixed: used, rest, lastSize: before } = layout
    layout.extend(nextPartSize({ first, before, rest, used, speed, isMeasured: true }))
  }
  const largest = Math.max(...layout.plan.runs.map(({ partSize }) => partSize))
  expect(largest).toBeLessThanOrEqual(largestPartSize(size, first))
  expect(layout.plan.partCount).toBeLessThanOrEqual(maxParts)
})

it.each([
  ['16 Mbit/s', 2, 2.4],
  ['100 Mbit/s', 12.5, 4],
])('what is under way over %s is some seconds of it, in parts that share it', (_, megabytes, seconds) => {
  const speed = megabytes * 1_000_000
  const part = nextPartSize({
    first: MiB,
    before: 32 * MiB,
    rest: TiB / 256,
    used: 100,
    speed,
    isMeasured: true,
  })
  const inFlight = mostInFlight(speed, part)
  expect(inFlight).toBeCloseTo(speed * seconds)
  expect(Math.floor(inFlight / part)).toBeGreaterThanOrEqual(2)
  expect(Math.floor(inFlight / part)).toBeLessThanOrEqual(6)
})
