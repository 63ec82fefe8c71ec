import { fastLink, megabits, symmetricLink, withResets, withServerTime } from '../link/link-profile.js'
import type { LinkProfile } from '../link/link-profile.js'
import { bestLimit } from '../runner/best-limit.js'
import {
  carryon,
  carryonTunedAs,
  cosJsSdkDefaults,
  cosJsSdkTunedAs,
  verifiedLimit,
} from '../runner/contestants.js'
import { TestBed } from '../runner/test-bed.js'
import { groupsOf, runRounds, throughput } from './compare.js'
import { processorAccount } from './processor-account.js'
import type { Workload } from './workload.js'

const MiB = 1024 * 1024

interface LinkWorkload {
  readonly name: string
  readonly profile: LinkProfile
  /** MiB to upload. */
  readonly short: number
  readonly full: number
  readonly inShort: boolean
  /** Whether the machine is the bottleneck, not the line. If so, the cost of hashing alone is measured too. */
  readonly boundByMachine?: boolean
  /** Whether the part size matters. If so, Carryon is also measured with the best one. */
  readonly boundByPartSize?: boolean
}

/** One file over one link: the limit, Tencent's SDK with defaults and tuned, and Carryon. */
function linkWorkload({
  name,
  profile,
  short,
  full,
  inShort,
  boundByMachine = false,
  boundByPartSize = false,
}: LinkWorkload): Workload {
  const title = `One file over ${profile.name}`
  return {
    name,
    title,
    inShort,
    description: (mode) =>
      `${mode === 'short' ? short : full} MiB from the pick until the last byte is stored and, but for the limit, reported as one finished object.`,
    async measure(bench) {
      const size = (bench.mode === 'short' ? short : full) * MiB
      const files = await bench.files.random(size)
      // A minute, plus ten times as long as the line (without a rate: one of 200 Mbit/s) takes for the file.
      const longestMs = 60_000 + (10 * size * 8000) / (profile.upBitsPerSecond ?? megabits(200))
      const testBed = await TestBed.open(profile, ['limit', 'verified-limit', 'cos-js-sdk', 'carryon'])
      try {
        const limit = await bestLimit(testBed, files, {
          tries: bench.mode === 'short' ? 1 : 2,
          longestMs,
        })
        bench.say(`best: ${limit.label}`)
        const hashed = boundByMachine ? [verifiedLimit(limit)] : []
        const tuned = boundByPartSize ? [carryonTunedAs(limit)] : []
        const variants = [limit, ...hashed, cosJsSdkDefaults, cosJsSdkTunedAs(limit), carryon, ...tuned]
        const runs = await runRounds(bench, testBed, variants, files, longestMs)
        const finding = throughput(title, runs, variants, size)
        // The relay's own processor time is not accounted, so only loopback gets a processor account.
        if (profile !== fastLink) return finding
        const share = { unit: 'GiB', count: size / 1024 ** 3 }
        return { ...finding, tables: [...finding.tables, processorAccount(groupsOf(runs, variants), share)] }
      } finally {
        await testBed.close()
      }
    },
  }
}

const wan = symmetricLink(megabits(100), 100)
const thin = symmetricLink(megabits(20), 50)
const wide = symmetricLink(megabits(1000), 20)
const storing = 200

export const linkWorkloads: readonly Workload[] = [
  linkWorkload({
    name: 'fast-link',
    profile: fastLink,
    short: 512,
    full: 2048,
    inShort: true,
    boundByMachine: true,
  }),
  linkWorkload({ name: 'link-100m', profile: wan, short: 48, full: 256, inShort: true }),
  linkWorkload({
    name: 'link-100m-storing',
    profile: withServerTime(wan, storing),
    short: 48,
    full: 256,
    inShort: false,
  }),
  linkWorkload({ name: 'link-20m', profile: thin, short: 16, full: 64, inShort: false }),
  linkWorkload({
    name: 'link-20m-storing',
    profile: withServerTime(thin, storing),
    short: 16,
    full: 64,
    inShort: false,
  }),
  linkWorkload({
    name: 'link-1g',
    profile: wide,
    short: 256,
    full: 1024,
    inShort: false,
    boundByMachine: true,
  }),
  linkWorkload({
    name: 'link-1g-storing',
    profile: withServerTime(wide, storing),
    short: 256,
    full: 1024,
    inShort: false,
    boundByMachine: true,
    boundByPartSize: true,
  }),
  // Limited neither by the machine nor by the line, but by how well parallel requests use the time the store takes to
  // answer.
  linkWorkload({
    name: 'link-400m-storing',
    profile: withServerTime(symmetricLink(megabits(400), 20), 2 * storing),
    short: 128,
    full: 512,
    inShort: false,
    boundByPartSize: true,
  }),
  linkWorkload({
    name: 'link-lossy',
    profile: withResets(wan, 20_000),
    short: 256,
    full: 768,
    inShort: false,
  }),
]
