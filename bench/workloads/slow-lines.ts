import { megabits, symmetricLink, withResets, withServerTime } from '../link/link-profile.js'
import type { LinkProfile } from '../link/link-profile.js'
import { bestLimit } from '../runner/best-limit.js'
import { carryon, carryonToldOf3g, cosJsSdkDefaults, cosJsSdkTunedAs, limit } from '../runner/contestants.js'
import type { Variant } from '../runner/run-upload.js'
import { TestBed } from '../runner/test-bed.js'
import { acrossTheLine, runLineRounds } from './line-account.js'
import type { Wanted } from './line-account.js'
import type { Workload } from './workload.js'

const MiB = 1024 * 1024

interface PeoplesLine {
  readonly name: string
  readonly profile: LinkProfile
  /** MiB to upload. */
  readonly short: number
  readonly full: number
  /** Part size of the limit in MiB; `null`: several are tried first, and the best is used. */
  readonly limitPart: number | null
  /** `null`: no target except not to be slower than the others. */
  readonly wanted: Wanted | null
}

/**
 * One file over a typical user's line: the total time, the time until the first byte is acknowledged, and how much a
 * reload at the worst moment loses.
 */
function peoplesLine({ name, profile, short, full, limitPart, wanted }: PeoplesLine): Workload {
  const title = `A person’s line: ${profile.name}`
  return {
    name,
    title,
    inShort: false,
    description: (mode) =>
      `${mode === 'short' ? short : full} MiB. First acknowledged: from the pick until the answer to the first part has reached the browser. Given up: the most bytes that had crossed the line without being acknowledged at any moment, which a reload or a crash would have lost; counted at the line, exactly. In vain: bytes of requests that broke off.`,
    async measure(bench) {
      const size = (bench.mode === 'short' ? short : full) * MiB
      const files = await bench.files.random(size)
      const rate = profile.upBitsPerSecond ?? megabits(1000)
      const longestMs = 60_000 + (4 * size * 8000) / rate
      const testBed = await TestBed.open(profile, ['limit', 'cos-js-sdk', 'carryon'])
      try {
        const bare: Variant =
          limitPart === null
            ? await bestLimit(testBed, files, { tries: 1, longestMs })
            : limit(limitPart * MiB, 6)
        const told = rate < megabits(2) ? [carryonToldOf3g] : []
        const variants = [bare, cosJsSdkDefaults, cosJsSdkTunedAs(bare), carryon, ...told]
        const runs = await runLineRounds(bench, testBed, variants, files, longestMs)
        return acrossTheLine(title, runs, variants, { size, rate, wanted })
      } finally {
        await testBed.close()
      }
    },
  }
}

const wide = symmetricLink(megabits(1000), 20)
const dsl = symmetricLink(megabits(4), 100)
const mobile = symmetricLink(megabits(16), 60)

export const slowLineWorkloads: readonly Workload[] = [
  peoplesLine({
    name: 'line-1m',
    profile: symmetricLink(megabits(1), 200),
    short: 6,
    full: 12,
    limitPart: 1,
    wanted: { first: 12, givenUp: 15, share: 0.95 },
  }),
  peoplesLine({
    name: 'line-4m',
    profile: dsl,
    short: 16,
    full: 48,
    limitPart: 1,
    wanted: { first: 4, givenUp: 8, share: 0.97 },
  }),
  peoplesLine({
    name: 'line-16m',
    profile: mobile,
    short: 48,
    full: 128,
    limitPart: 1,
    wanted: { first: 2, givenUp: 5, share: 0.97 },
  }),
  peoplesLine({
    name: 'line-100m',
    profile: symmetricLink(megabits(100), 100),
    short: 128,
    full: 512,
    limitPart: 8,
    wanted: { first: 1.2, givenUp: 4, share: 0.98 },
  }),
  peoplesLine({
    name: 'line-1g',
    profile: wide,
    short: 512,
    full: 1024,
    limitPart: null,
    wanted: { first: 0.5, givenUp: 2, share: 0.98 },
  }),
  peoplesLine({
    name: 'line-1g-storing',
    profile: withServerTime(wide, 200),
    short: 512,
    full: 1024,
    limitPart: null,
    wanted: { first: 0.5, givenUp: 2, share: 0.95 },
  }),
  peoplesLine({
    name: 'line-4m-lossy',
    profile: withResets(dsl, 20_000),
    short: 24,
    full: 64,
    limitPart: 1,
    wanted: null,
  }),
  peoplesLine({
    name: 'line-16m-lossy',
    profile: withResets(mobile, 20_000),
    short: 96,
    full: 256,
    limitPart: 1,
    wanted: null,
  }),
]
