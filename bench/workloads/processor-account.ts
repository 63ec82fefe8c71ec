import { figure } from '../report/bar-chart.js'
import type { Table } from '../report/section.js'
import type { Run } from '../runner/run-upload.js'
import { median } from './compare.js'
import type { Group } from './compare.js'

const whose: readonly { readonly column: string; readonly of: (run: Run) => number }[] = [
  { column: 'page and workers', of: ({ rendererCpuMs }) => rendererCpuMs },
  {
    column: 'the browser’s other processes',
    of: ({ browserCpuMs, rendererCpuMs }) => browserCpuMs - rendererCpuMs,
  },
  { column: 'store', of: ({ storeCpuMs }) => storeCpuMs },
  { column: 'application server', of: ({ appCpuMs }) => appCpuMs },
]

/**
 * Who spends the processor on a file: where all cores are full, this and nothing else decides how many files a second
 * get through.
 *
 * @param groups the limit's first
 * @param files in one run
 */
export function processorAccount(groups: readonly Group[], files: number): Table {
  const shares = groups.map(({ label, runs }) => ({
    label,
    parts: whose.map(({ of }) => median(runs.map(of)) / files),
    all: median(runs.map((run) => whose.reduce((sum, { of }) => sum + of(run), 0))) / files,
  }))
  const limit = shares[0]?.all ?? NaN
  return {
    columns: [
      'processor time a file, ms',
      ...whose.map(({ column }) => column),
      'together',
      'the limit’s, of it',
    ],
    rows: shares.map(({ label, parts, all }) => [
      label,
      ...parts.map(figure),
      figure(all),
      (limit / all).toFixed(3),
    ]),
  }
}
