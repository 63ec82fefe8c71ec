import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { format } from 'prettier'
import type { Measured } from './load.js'
import { type Costed, type ServerFigures, type ServerSetup, targetRate } from './measure-server.js'

/** One setup's figures, and what they depend on. */
export interface ServerRun extends ServerSetup {
  readonly name: string
  readonly figures: ServerFigures
  /** ISO time at which the measurement ended. */
  readonly at: string
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly node: string
    /** Load average of the minute before the run. */
    readonly load: number
  }
}

const docs = new URL('../../docs', import.meta.url)
const results = new URL('performance/server.json', docs)
const page = new URL('performance.md', docs)
const begin = '<!-- server: written by `npm run server -w @carryon/bench`, do not edit below -->'
const end = '<!-- end of server -->'

/** Writes runs into docs/performance.md in the order of `names`; setups that were not measured stay unchanged. */
export async function writeServerReport(
  measured: readonly ServerRun[],
  names: readonly string[],
): Promise<void> {
  const known = new Map([...(await earlierRuns()), ...measured].map((run) => [run.name, run]))
  const runs = names.flatMap((name) => known.get(name) ?? [])
  await mkdir(new URL('performance/', docs), { recursive: true })
  await writeFile(results, await format(JSON.stringify(runs), { parser: 'json', printWidth: 110 }))
  const text = await readFile(page, 'utf8')
  const [head, tail] = [text.indexOf(begin), text.indexOf(end)]
  if (head < 0 || tail < head) throw new Error(`docs/performance.md lacks its markers:\n${begin}\n${end}`)
  await writeFile(page, `${text.slice(0, head)}${begin}\n\n${tableOf(runs)}\n${text.slice(tail)}`)
}

function tableOf(runs: readonly ServerRun[]): string {
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

function rowsOf({ figures, ...setup }: ServerRun): string[][] {
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

function nameOf({ database, processes }: ServerSetup): string {
  return `${database === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, ${processes} process${processes === 1 ? '' : 'es'}`
}

async function earlierRuns(): Promise<readonly ServerRun[]> {
  try {
    return JSON.parse(await readFile(results, 'utf8')) as readonly ServerRun[]
  } catch {
    return []
  }
}
