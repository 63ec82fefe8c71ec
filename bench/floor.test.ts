import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { megabits, symmetricLink } from './link/link-profile.js'
import { carryon, cosJsSdkDefaults } from './runner/contestants.js'
import { reloadMidway } from './runner/reload-midway.js'
import { SampleFiles } from './runner/sample-files.js'
import { Stand } from './runner/stand.js'

const MB = 1_000_000
const MiB = 1024 * 1024

const lines = [
  { profile: symmetricLink(megabits(16), 60), sizes: [1 * MB, 8 * MB, 24 * MB] },
  { profile: symmetricLink(megabits(4), 100), sizes: [1 * MB, 6 * MB] },
]

/**
 * How much worse than the SDK's defaults counts as not worse, in bytes across the line. What a reload loses depends on
 * where in a part it strikes: the SDK's three parts of 1 MiB lose between next to nothing and 3 MiB. A figure may come
 * later by what the line carries in a second; the SDK shows a figure once a second.
 */
const partsOfTheSdk = 3 * MiB

let files: SampleFiles
beforeAll(async () => {
  files = await SampleFiles.create()
})
afterAll(() => files.close())

describe.each(lines)(
  'the floor over $profile.name: not worse than the SDK’s defaults',
  ({ profile, sizes }) => {
    let stand: Stand
    beforeAll(async () => {
      stand = await Stand.open(profile, ['cos-js-sdk', 'carryon'])
    })
    afterAll(() => stand.close())

    it.each(sizes)(
      '%d bytes: first figure, steps, and what a reload half way loses',
      { timeout: 180_000 },
      async (size) => {
        const picked = await files.random(size)
        const secondOfLine = (profile.upBitsPerSecond ?? 0) / 8
        const halfWay = { share: 0.5, longestMs: 60_000 + (4 * size * 1000) / secondOfLine }
        const sdk = await reloadMidway(stand, cosJsSdkDefaults, picked, halfWay)
        const ours = await reloadMidway(stand, carryon, picked, halfWay)
        console.log(JSON.stringify({ line: profile.name, size, sdk, ours }))

        expect(ours.bytesLost).toBeLessThanOrEqual(Math.max(sdk.bytesLost, partsOfTheSdk) + size / 100)
        expect(ours.bytesAtFirstFigure ?? size).toBeLessThanOrEqual(
          (sdk.bytesAtFirstFigure ?? size / 2) + secondOfLine,
        )
        expect(ours.largestStep).toBeLessThanOrEqual(Math.max(sdk.largestStep, 5) + 5)
        expect(ours.figureBefore - ours.figureAfter).toBeLessThanOrEqual(
          Math.max(sdk.figureBefore - sdk.figureAfter, (100 * partsOfTheSdk) / size) + 5,
        )
      },
    )
  },
)
