import { fastLink, megabits, symmetricLink } from '../link/link-profile.js'
import type { LinkProfile } from '../link/link-profile.js'
import { bestLimit } from '../runner/best-limit.js'
import { carryon, cosJsSdkTunedAs, limit, verifiedLimit } from '../runner/contestants.js'
import type { Variant } from '../runner/run-upload.js'
import type { Slowed } from '../runner/slow-processor.js'
import { TestBed } from '../runner/test-bed.js'
import { runRounds, throughput } from './compare.js'
import type { Workload } from './workload.js'

const MiB = 1024 * 1024
/** How many times slower a cheap phone's processor is. */
const phone = 4

interface MediumFile {
  readonly name: string
  readonly profile: LinkProfile
  /** MiB */
  readonly size: number
  /** Part size of the limit in a short run, in MiB; a full run searches for the best one. */
  readonly limitPart: number
  readonly slowed: Slowed | null
  /** Target in words, relative to the limit or to hashing alone. */
  readonly wanted: string
}

const inWords: Readonly<Record<Slowed, string>> = {
  page: `the page’s main thread ${phone} times slower, by the browser`,
  all: `all threads of the browser ${phone} times slower, by stopping them three quarters of the time`,
}

/** Files of the sizes that users send most, for which the fixed costs of an upload matter most. */
function mediumFile({ name, profile, size, limitPart, slowed, wanted }: MediumFile): Workload {
  const title = `${size} MiB over ${profile.name}${slowed === null ? '' : `, ${inWords[slowed]}`}`
  return {
    name,
    title,
    inShort: false,
    description: () =>
      `From the pick until the last byte is stored and, but for the limit, reported as one finished object. Wanted of Carryon: ${wanted}.`,
    async measure(bench) {
      const files = await bench.files.random(size * MiB)
      const rate = profile.upBitsPerSecond ?? megabits(200)
      const longestMs = 60_000 + (10 * size * MiB * 8000) / rate
      const testBed = await TestBed.open(profile, ['limit', 'verified-limit', 'cos-js-sdk', 'carryon'])
      try {
        const bare =
          bench.mode === 'full'
            ? await bestLimit(testBed, files, { tries: 1, longestMs })
            : limit(limitPart * MiB, 6)
        const variants = [bare, verifiedLimit(bare), cosJsSdkTunedAs(bare), carryon].map(
          (variant): Variant =>
            slowed === null ? variant : { ...variant, slowed: { whose: slowed, times: phone } },
        )
        return throughput(
          title,
          await runRounds(bench, testBed, variants, files, longestMs),
          variants,
          size * MiB,
        )
      } finally {
        await testBed.close()
      }
    },
  }
}

const wan = symmetricLink(megabits(100), 100)
const wide = symmetricLink(megabits(1000), 20)
const neverBehind = 'at least 0.95 of the limit, never behind the tuned SDK'
const onAPhone = 'at least 0.95 of the limit, no task over 200 ms'

const mediumFiles: readonly MediumFile[] = [
  { name: 'medium-1g', profile: wide, size: 256, limitPart: 16, slowed: null, wanted: neverBehind },
  {
    name: 'medium-1g-slow-page',
    profile: wide,
    size: 256,
    limitPart: 16,
    slowed: 'page',
    wanted: neverBehind,
  },
  { name: 'medium-1g-slow', profile: wide, size: 256, limitPart: 16, slowed: 'all', wanted: neverBehind },
  {
    name: 'medium-100m',
    profile: wan,
    size: 64,
    limitPart: 8,
    slowed: null,
    wanted: 'at least 0.93 of the limit',
  },
  { name: 'phone-100m-page', profile: wan, size: 128, limitPart: 8, slowed: 'page', wanted: onAPhone },
  { name: 'phone-100m', profile: wan, size: 128, limitPart: 8, slowed: 'all', wanted: onAPhone },
  {
    name: 'medium-loopback',
    profile: fastLink,
    size: 512,
    limitPart: 16,
    slowed: null,
    wanted: 'at least 0.95 of hashing alone',
  },
]

export const mediumFilesWorkloads: readonly Workload[] = mediumFiles.map(mediumFile)
