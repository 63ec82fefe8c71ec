import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { format } from 'prettier'
import type { Measured } from './load.js'
import { type Costed, type DeskFigures, type DeskSetup, targetRate } from './measure-desk.js'

/** One setup's figures, with what they depend on. */
export interface DeskRun extends DeskSetup {
  readonly name: string
  readonly figures: DeskFigures
  /** ISO time of its end. */
  readonly at: string
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly node: string
    /** Processes that wanted a core in the minute before. */
    readonly load: number
  }
}

const docs = new URL('../../docs/', import.meta.url)
const results = new URL('performance/desk.json', docs)
const page = new URL('performance.md', docs)
const begin = '<!-- desk: written by `npm run desk -w @carryon/bench`, do not edit below -->'
const end = '<!-- end of desk -->'

/** Puts runs into docs/performance.md in the order of `names`; setups that were not measured stay as they were. */
export async function writeDeskReport(measured: readonly DeskRun[], names: readonly string[]): Promise<void> {
  const known = new Map([...(await earlierRuns()), ...measured].map((run) => [run.name, run]))
  const runs = names.flatMap((name) => known.get(name) ?? [])
  await mkdir(new URL('performance/', docs), { recursive: true })
  await writeFile(results, await format(JSON.stringify(runs), { parser: 'json', printWidth: 110 }))
  const text = await readFile(page, 'utf8')
  const [head, tail] = [text.indexOf(begin), text.indexOf(end)]
  if (head < 0 || tail < head) throw new Error(`docs/performance.md lacks its markers:\n${begin}\n${end}`)
  const written = `${text.slice(0, head)}${begin}\n\n${tableOf(runs)}\n${text.slice(tail)}`
  await writeFile(page, await format(written, { parser: 'markdown', printWidth: 120 }))
}

function tableOf(runs: readonly DeskRun[]): string {
  const times = ({ p50, p99 }: Measured) => `${p50.toFixed(1)} / ${p99.toFixed(1)}`
  const rate = (measured: Costed) =>
    `${Math.round(measured.perSecond)} (${times(measured)}; ${measured.processor.toFixed(2)})`
  const columns = [
    'database, processes',
    'opens a second (p50 / p99, ms; ms of processor each)',
    'renewals a second',
    'completes a second',
    `p50 / p99 at ${targetRate} opens a second, ms`,
    'machine',
  ]
  const rows = runs.map(({ database, processes, figures, machine, at }) => [
    `${database === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, ${processes}`,
    rate(figures.opens),
    rate(figures.renewals),
    rate(figures.completes),
    figures.opensAtTarget.perSecond < targetRate * 0.95 ? 'not reached' : times(figures.opensAtTarget),
    `${machine.cores} × ${machine.cpu}, load ${machine.load.toFixed(1)} before, Node ${machine.node}, ${at.slice(0, 16).replace('T', ' ')} UTC`,
  ])
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns),
    line(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(line),
    '',
  ].join('\n')
}

async function earlierRuns(): Promise<readonly DeskRun[]> {
  try {
    return JSON.parse(await readFile(results, 'utf8')) as readonly DeskRun[]
  } catch {
    return []
  }
}
