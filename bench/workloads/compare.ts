import { figure } from '../report/bar-chart.js'
import type { Finding, Table } from '../report/section.js'
import type { Run, Variant } from '../runner/run-upload.js'
import { interleaved } from '../runner/rounds.js'
import { runUpload } from '../runner/run-upload.js'
import type { PickedFile } from '../runner/run-upload.js'
import type { TestBed } from '../runner/test-bed.js'
import { summarize } from '../runner/statistics.js'
import type { Summary } from '../runner/statistics.js'
import type { Bench } from './workload.js'

/** Runs every variant once per round, interleaved. */
export async function runRounds(
  { rounds, say }: Bench,
  testBed: TestBed,
  variants: readonly Variant[],
  files: readonly PickedFile[],
  longestMs: number,
): Promise<readonly Run[]> {
  const runs: Run[] = []
  for (const variant of interleaved(variants, rounds, Math.random)) {
    const run = await runUpload(testBed, variant, files, longestMs)
    say(
      `${variant.label}: ${(run.ms / 1000).toFixed(2)} s${run.error === null ? '' : `, FAILED: ${run.error}`}`,
    )
    runs.push(run)
  }
  return runs
}

/** One contestant's successful runs, and the number of failed ones. */
export interface Group {
  readonly label: string
  readonly runs: readonly Run[]
  readonly failed: number
}

export function groupsOf(runs: readonly Run[], variants: readonly Variant[]): readonly Group[] {
  return variants.map(({ label }) => {
    const own = runs.filter((run) => run.label === label)
    const good = own.filter(({ error }) => error === null)
    return { label, runs: good, failed: own.length - good.length }
  })
}

/** Formats values as `median (lowest to highest)`; a dash if there are none. */
export function spread(values: readonly number[], scale = 1): string {
  if (values.length === 0) return '–'
  const { median, min, max }: Summary = summarize(values.map((value) => value * scale))
  return `${figure(median)} (${figure(min)} to ${figure(max)})`
}

export function median(values: readonly number[]): number {
  return values.length === 0 ? NaN : summarize(values).median
}

/**
 * Throughput of uploads of the same files, and its ratio to that of the first contestant, the limit.
 *
 * @param bytes total size of all files
 */
export function throughput(
  title: string,
  runs: readonly Run[],
  variants: readonly Variant[],
  bytes: number,
): Finding {
  const groups = groupsOf(runs, variants)
  const speeds = (group: Group): number[] => group.runs.map(({ ms }) => bytes / 1000 / ms)
  const limit = groups[0] === undefined ? NaN : median(speeds(groups[0]))
  const counts = runs.some(({ storeRequests }) => storeRequests !== null)
  const hasFailed = groups.some(({ failed }) => failed > 0)
  const rows = groups.map((group) => [
    group.label,
    spread(speeds(group)),
    group.runs.length === 0 ? '–' : (median(speeds(group)) / limit).toFixed(3),
    spread(group.runs.map(({ ms }) => ms / 1000)),
    ...(counts ? [count(median(group.runs.map(({ storeRequests }) => storeRequests ?? NaN)))] : []),
    ...(hasFailed ? [String(group.failed)] : []),
  ])
  return {
    tables: [
      {
        columns: [
          '',
          'MB/s, median (lowest to highest)',
          'of the limit',
          'seconds',
          ...(counts ? ['requests at the store'] : []),
          ...(hasFailed ? ['runs that failed'] : []),
        ],
        rows,
      },
      costs(groups, bytes),
    ],
    chart: {
      title,
      unit: 'MB/s',
      bars: groups
        .filter(({ runs: good }) => good.length > 0)
        .map((group) => ({ label: group.label, ...summarize(speeds(group)) })),
    },
    notes: [],
    runs,
  }
}

function count(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(0)
}

/** What the uploads cost the page, the browser and the application's server. */
function costs(groups: readonly Group[], bytes: number): Table {
  const gibibytes = bytes / 1024 ** 3
  const most = (values: readonly number[]): string =>
    values.length === 0 ? '–' : figure(Math.max(...values))
  return {
    columns: [
      '',
      'longest main-thread task, ms',
      'total blocking time, ms',
      'renderer memory growth, MiB',
      'browser memory growth, MiB',
      'browser CPU s per GiB',
      'application server, KB per GiB',
      'application server CPU ms per GiB',
    ],
    rows: groups.map(({ label, runs }) => [
      label,
      // The Long Tasks API does not report shorter tasks.
      Math.max(0, ...runs.map(({ longestTaskMs }) => longestTaskMs)) === 0
        ? 'under 50'
        : most(runs.map(({ longestTaskMs }) => longestTaskMs)),
      most(runs.map(({ blockingMs }) => blockingMs)),
      most(runs.map(({ rendererGrowth }) => rendererGrowth)),
      most(runs.map(({ browserGrowth }) => browserGrowth)),
      spread(runs.map(({ browserCpuMs }) => browserCpuMs / 1000 / gibibytes)),
      spread(runs.map(({ appBytes }) => appBytes / 1000 / gibibytes)),
      spread(runs.map(({ appCpuMs }) => appCpuMs / gibibytes)),
    ]),
  }
}
