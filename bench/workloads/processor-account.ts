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

/** The unit by which the processor time of a run is divided. */
export interface Share {
  /** Name of the unit, such as `file` or `GiB`. */
  readonly unit: string
  /** How many units one run uploads. */
  readonly count: number
}

/**
 * Processor time of each process for a file or a GiB. If all cores are busy, this alone determines the throughput.
 *
 * @param groups all contestants, with the limit first
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
