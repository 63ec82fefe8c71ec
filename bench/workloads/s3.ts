import { fastLink, megabits, symmetricLink } from '../link/link-profile.js'
import type { LinkProfile } from '../link/link-profile.js'
import { bestLimit } from '../runner/best-limit.js'
import {
  carryon,
  libStorageDefaults,
  libStorageTuned,
  tusRelay,
  uppyDefaults,
  uppyTuned,
  verifiedLimit,
} from '../runner/contestants.js'
import { TestBed } from '../runner/test-bed.js'
import { s3FromEnvironment } from '../services/backing.js'
import { runRounds, throughput } from './compare.js'
import type { Workload } from './workload.js'

const MiB = 1024 * 1024
const peers = [carryon, libStorageDefaults, libStorageTuned, uppyDefaults, uppyTuned, tusRelay]

interface S3Workload {
  readonly name: string
  readonly profile: LinkProfile
  /** MiB to upload. */
  readonly short: number
  readonly full: number
}

/** One file into an S3-compatible store: Carryon, the peers for S3, and tus, which relays it through the server. */
function s3Workload({ name, profile, short, full }: S3Workload): Workload {
  const title = `One file into an S3 store over ${profile.name}`
  return {
    name,
    title,
    inShort: false,
    description: (mode) =>
      `${mode === 'short' ? short : full} MiB into the S3-compatible store that S3_ENDPOINT names. tus sends through the application's server, which sends on; all others straight to the store. The server's bytes and CPU time are what it costs to be passed through.`,
    lacks: () =>
      s3FromEnvironment(process.env) === null
        ? 'set S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and S3_ROLE_ARN'
        : null,
    async measure(bench) {
      const backing = s3FromEnvironment(process.env)
      if (backing === null) throw new Error('No S3 store is named.')
      const size = (bench.mode === 'short' ? short : full) * MiB
      const files = await bench.files.random(size)
      const longestMs = 120_000 + (20 * size * 8000) / (profile.upBitsPerSecond ?? megabits(200))
      const pages = ['limit', 'verified-limit', 'carryon', 'aws-lib-storage', 'uppy-aws-s3', 'tus']
      const testBed = await TestBed.open(profile, pages, { backing })
      try {
        const limit = await bestLimit(testBed, files, { tries: 1, longestMs })
        bench.say(`best: ${limit.label}`)
        const variants = [limit, verifiedLimit(limit, 'md5'), ...peers]
        const runs = await runRounds(bench, testBed, variants, files, longestMs)
        return throughput(title, runs, variants, size)
      } finally {
        await testBed.close()
      }
    },
  }
}

export const s3Workloads: readonly Workload[] = [
  s3Workload({ name: 's3-fast-link', profile: fastLink, short: 128, full: 512 }),
  s3Workload({ name: 's3-link-100m', profile: symmetricLink(megabits(100), 100), short: 48, full: 256 }),
]
