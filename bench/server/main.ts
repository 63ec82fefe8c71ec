import { cpus, loadavg } from 'node:os'
import { type ServerRun, writeServerReport } from './server-report.js'
import { measureServer } from './measure-server.js'

const setups = (['sqlite', 'postgres'] as const).flatMap((database) =>
  [1, 3].map((processes) => ({ name: `${database}-${processes}`, database, processes })),
)

const args = process.argv.slice(2)
const only = args[args.indexOf('--only') + 1]?.split(',')
const chosen = args.includes('--only') ? setups.filter(({ name }) => only?.includes(name)) : setups
if (chosen.length === 0) throw new Error(`There are ${setups.map(({ name }) => name).join(', ')}.`)

const runs: ServerRun[] = []
for (const { name, ...setup } of chosen) {
  const load = loadavg()[0] ?? 0
  console.log(`── ${name} (load ${load.toFixed(1)})`)
  const figures = await measureServer(setup)
  console.table(figures)
  runs.push({
    name,
    ...setup,
    figures,
    at: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version, load },
  })
}
if (!args.includes('--dry-run')) {
  await writeServerReport(
    runs,
    setups.map(({ name }) => name),
  )
}
