import { fastLink } from '../link/link-profile.js'
import { figure } from '../report/bar-chart.js'
import {
  carryon,
  cosJsSdkDefaults,
  cosJsSdkTuned,
  limitWholeFiles,
  verifiedLimit,
} from '../runner/contestants.js'
import { Stand } from '../runner/stand.js'
import { groupsOf, median, runRounds, throughput } from './compare.js'
import { processorAccount } from './processor-account.js'
import type { Workload } from './workload.js'

const fileSize = 200_000
const counts = { short: 200, full: 1000 }

/** Many small files, picked together. */
export const smallFiles: Workload = {
  name: 'small-files',
  title: 'Many small files over loopback',
  inShort: true,
  description: (mode) => `${counts[mode]} files of 200 KB, picked together.`,
  async measure(bench) {
    const files = await bench.files.random(fileSize, counts[bench.mode])
    const stand = await Stand.open(fastLink, ['limit', 'verified-limit', 'cos-js-sdk', 'carryon'])
    try {
      const hashed = verifiedLimit(limitWholeFiles)
      const variants = [limitWholeFiles, hashed, cosJsSdkDefaults, cosJsSdkTuned, carryon]
      const runs = await runRounds(bench, stand, variants, files, 300_000)
      const finding = throughput('Many small files', runs, variants, fileSize * files.length)
      const notes = groupsOf(runs, variants).map(
        ({ label, runs: good }) =>
          `${label}: ${figure(files.length / (median(good.map(({ ms }) => ms)) / 1000))} files a second, longest main-thread task ${figure(Math.max(0, ...good.map(({ longestTaskMs }) => longestTaskMs)))} ms, through the application's server ${figure(median(good.map(({ appBytes }) => appBytes)) / files.length)} bytes a file`,
      )
      const account = processorAccount(groupsOf(runs, variants), files.length)
      return { ...finding, tables: [...finding.tables, account], notes }
    } finally {
      await stand.close()
    }
  },
}
