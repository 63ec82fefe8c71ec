import { fastLink, megabits, symmetricLink } from '../link/link-profile.js'
import type { LinkProfile } from '../link/link-profile.js'
import { figure } from '../report/bar-chart.js'
import {
  carryon,
  cosJsSdkDefaults,
  cosJsSdkTuned,
  limitWholeFiles,
  verifiedForms,
  verifiedLimit,
} from '../runner/contestants.js'
import { TestBed } from '../runner/test-bed.js'
import { groupsOf, median, runRounds, throughput } from './compare.js'
import { processorAccount } from './processor-account.js'
import type { Workload } from './workload.js'

const fileSize = 200_000
const counts = { short: 200, full: 1000 }

interface SmallFiles {
  readonly name: string
  readonly profile: LinkProfile
  readonly inShort: boolean
  /** Whether the machine is the bottleneck, not the line. If so, the processor time of each process is reported. */
  readonly boundByMachine: boolean
}

/** Many small files, picked together. */
function smallFiles({ name, profile, inShort, boundByMachine }: SmallFiles): Workload {
  return {
    name,
    title: `Many small files over ${profile.name}`,
    inShort,
    description: (mode) => `${counts[mode]} files of 200 KB, picked together.`,
    async measure(bench) {
      const files = await bench.files.random(fileSize, counts[bench.mode])
      const testBed = await TestBed.open(profile, ['limit', 'verified-limit', 'cos-js-sdk', 'carryon'])
      try {
        const hashed = boundByMachine ? [verifiedLimit(limitWholeFiles), verifiedForms] : []
        const variants = [limitWholeFiles, ...hashed, cosJsSdkDefaults, cosJsSdkTuned, carryon]
        const runs = await runRounds(bench, testBed, variants, files, 300_000)
        const finding = throughput('Many small files', runs, variants, fileSize * files.length)
        const notes = groupsOf(runs, variants).map(
          ({ label, runs: good }) =>
            `${label}: ${figure(files.length / (median(good.map(({ ms }) => ms)) / 1000))} files a second, longest main-thread task ${figure(Math.max(0, ...good.map(({ longestTaskMs }) => longestTaskMs)))} ms, through the application's server ${figure(median(good.map(({ appBytes }) => appBytes)) / files.length)} bytes a file`,
        )
        const share = { unit: 'file', count: files.length }
        const account = boundByMachine ? [processorAccount(groupsOf(runs, variants), share)] : []
        return { ...finding, tables: [...finding.tables, ...account], notes }
      } finally {
        await testBed.close()
      }
    },
  }
}

export const smallFilesWorkloads: readonly Workload[] = [
  smallFiles({ name: 'small-files', profile: fastLink, inShort: true, boundByMachine: true }),
  smallFiles({
    name: 'small-files-100m',
    profile: symmetricLink(megabits(100), 100),
    inShort: false,
    boundByMachine: false,
  }),
]
