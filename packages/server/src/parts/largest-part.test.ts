import { firstGroup, planOpenParts } from '@carryon/protocol'
import { expect, test } from 'vitest'
import { largestPartOf } from './largest-part.js'
import { refusalOfRuns } from './part-plan.js'

const MiB = 2 ** 20
const TiB = 2 ** 40

test.each([
  ['1 TiB from 1 MiB on', TiB, MiB],
  ['5 TiB from 1 MiB on', 5 * TiB, MiB],
  ['5 TiB from 5 MiB on', 5 * TiB, 5 * MiB],
  ['48 TiB from 1 MiB on', 48 * TiB, MiB],
])('parts of %s may be as large as they have to be', (_, size, partSize) => {
  const { runs } = planOpenParts(size, [{ after: 0, partSize }], firstGroup)
  const largest = Math.max(...runs.map((run) => run.partSize))
  expect(largestPartOf({ size, partSize })).toBeGreaterThanOrEqual(largest)
  expect(refusalOfRuns({ size, partSize, grows: 1 }, runs)).toBeNull()
})

test('a part may be as large as a complete request may declare, and no larger than the file', () => {
  const [size, partSize] = [5 * TiB, MiB]
  const most = largestPartOf({ size, partSize })
  const first = { after: 0, partSize }
  const refusal = (bytes: number) =>
    refusalOfRuns({ size, partSize, grows: 1 }, [first, { after: firstGroup, partSize: bytes }])
  expect(refusal(most)).toBeNull()
  expect(refusal(most + 1)).not.toBeNull()
  expect(largestPartOf({ size: 20 * MiB, partSize })).toBe(20 * MiB)
  expect(largestPartOf({ size: 0, partSize })).toBe(1)
})
