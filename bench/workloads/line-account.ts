import type { LineAccount } from '../link/ledger.js'
import { figure } from '../report/bar-chart.js'
import type { Finding, Table } from '../report/section.js'
import { interleaved } from '../runner/rounds.js'
import { runUpload } from '../runner/run-upload.js'
import type { PickedFile, Run, Variant } from '../runner/run-upload.js'
import type { TestBed } from '../runner/test-bed.js'
import { groupsOf, median, spread, throughput } from './compare.js'
import type { Bench } from './workload.js'

/** A run, with what became of its bytes on the line. */
export interface LineRun extends Run {
  /** Milliseconds from the pick to the first acknowledged byte; `null`: none was acknowledged. */
  readonly firstAcknowledgedMs: number | null
  readonly line: LineAccount
}

/** Targets for a contestant on a line. */
export interface Wanted {
  /** At most so many seconds from the pick to the first acknowledged byte. */
  readonly first: number
  /** At most so many unacknowledged bytes at any moment, in seconds of the line. */
  readonly givenUp: number
  /** Throughput as a share of the limit's. */
  readonly share: number
}

/** Runs every variant once per round, interleaved, and accounts for the bytes on the line. */
export async function runLineRounds(
  { rounds, say }: Bench,
  testBed: TestBed,
  variants: readonly Variant[],
  files: readonly PickedFile[],
  longestMs: number,
): Promise<readonly LineRun[]> {
  const runs: LineRun[] = []
  for (const variant of interleaved(variants, rounds, Math.random)) {
    const run = await runOnLine(testBed, variant, files, longestMs)
    const failed = run.error === null ? '' : `, FAILED: ${run.error}`
    say(
      `${variant.label}: ${(run.ms / 1000).toFixed(2)} s, first acknowledged after ${figure((run.firstAcknowledgedMs ?? NaN) / 1000)} s, given up at most ${figure(run.line.mostOpen / 1e6)} MB${failed}`,
    )
    runs.push(run)
  }
  return runs
}

async function runOnLine(
  testBed: TestBed,
  variant: Variant,
  files: readonly PickedFile[],
  longestMs: number,
): Promise<LineRun> {
  const run = await runUpload(testBed, variant, files, longestMs)
  const line = await testBed.lineAccount()
  const first = line.firstAcknowledgedAt
  return { ...run, line, firstAcknowledgedMs: first === null ? null : first - run.pickedAt }
}

/** Throughput, and what a user notices of a slow line. */
export function acrossTheLine(
  title: string,
  runs: readonly LineRun[],
  variants: readonly Variant[],
  { size, rate, wanted }: { readonly size: number; readonly rate: number; readonly wanted: Wanted | null },
): Finding {
  const finding = throughput(title, runs, variants, size)
  const notes = wanted === null ? [] : [wantedWords(wanted)]
  return {
    ...finding,
    tables: [lineTable(runs, variants, size, rate), ...finding.tables],
    notes: [...finding.notes, ...notes],
  }
}

function lineTable(
  runs: readonly LineRun[],
  variants: readonly Variant[],
  size: number,
  rate: number,
): Table {
  const groups = groupsOf(runs, variants)
  const middle = (of: readonly LineRun[], value: (run: LineRun) => number): number => median(of.map(value))
  const limitMs = middle(lineRuns(groups[0]?.runs ?? []), ({ ms }) => ms)
  return {
    columns: [
      '',
      'first acknowledged, s',
      'given up at most, MB',
      'given up at most, s of line',
      'of the limit',
      'of the line',
      'sent in vain, % of what was sent',
    ],
    rows: groups.map(({ label, runs: good }) => {
      const own = lineRuns(good)
      const ms = middle(own, (run) => run.ms)
      return [
        label,
        spread(own.map(({ firstAcknowledgedMs }) => (firstAcknowledgedMs ?? NaN) / 1000)),
        spread(own.map(({ line }) => line.mostOpen / 1e6)),
        spread(own.map(({ line }) => (line.mostOpen * 8) / rate)),
        (limitMs / ms).toFixed(3),
        ((size * 8000) / rate / ms).toFixed(3),
        spread(own.map(({ line }) => (100 * line.inVain) / (line.acknowledged + line.inVain))),
      ]
    }),
  }
}

function lineRuns(runs: readonly Run[]): readonly LineRun[] {
  return runs.filter((run): run is LineRun => 'line' in run)
}

function wantedWords({ first, givenUp, share }: Wanted): string {
  return `Wanted of Carryon: first acknowledged within ${first} s, at most ${givenUp} s of line given up, at least ${share} of the limit.`
}
