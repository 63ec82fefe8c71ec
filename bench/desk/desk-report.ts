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
  await writeFile(page, `${text.slice(0, head)}${begin}\n\n${tableOf(runs)}\n${text.slice(tail)}`)
}

function tableOf(runs: readonly DeskRun[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(['', 'a second', 'p50, ms', 'p99, ms', 'processor, ms each']),
    line(['---', '---:', '---:', '---:', '---:']),
    ...runs.flatMap((run) => rowsOf(run).map(line)),
    '',
    ...runs.map(
      ({ machine, at, ...setup }) =>
        `<sub>${nameOf(setup)}: ${machine.cores} cores, ${machine.cpu}, load ${machine.load.toFixed(1)} before; Node ${machine.node}; ${at.slice(0, 16).replace('T', ' ')} UTC.</sub>\\`,
    ),
    '',
  ].join('\n')
}

function rowsOf({ figures, ...setup }: DeskRun): string[][] {
  const row = (what: string, { perSecond, p50, p99 }: Measured, cost = '') => [
    `${nameOf(setup)}: ${what}`,
    String(Math.round(perSecond)),
    p50.toFixed(1),
    p99.toFixed(1),
    cost,
  ]
  const costed = (what: string, measured: Costed) => row(what, measured, measured.processor.toFixed(2))
  return [
    costed('opens', figures.opens),
    costed('renewals', figures.renewals),
    costed('completes', figures.completes),
    row(`${targetRate} opens a second offered`, figures.opensAtTarget),
  ]
}

function nameOf({ database, processes }: DeskSetup): string {
  return `${database === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, ${processes} process${processes === 1 ? '' : 'es'}`
}

async function earlierRuns(): Promise<readonly DeskRun[]> {
  try {
    return JSON.parse(await readFile(results, 'utf8')) as readonly DeskRun[]
  } catch {
    return []
  }
}
