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

/** What the processor time of a run is divided by. */
export interface Share {
  /** `file`, `GiB` */
  readonly unit: string
  /** How many of it one run uploads. */
  readonly count: number
}

/**
 * Who spends the processor on a file, or on a GiB: where all cores are full, this and nothing else decides how many a
 * second get through.
 *
 * @param groups the limit's first
 */
export function processorAccount(groups: readonly Group[], { unit, count }: Share): Table {
  const shares = groups.map(({ label, runs }) => ({
    label,
    parts: whose.map(({ of }) => median(runs.map(of)) / count),
    all: median(runs.map((run) => whose.reduce((sum, { of }) => sum + of(run), 0))) / count,
  }))
  const limit = shares[0]?.all ?? NaN
  return {
    columns: [
      `processor time a ${unit}, ms`,
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
