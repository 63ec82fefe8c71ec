// `npm run reliability`: the long version of the tests in this folder; writes its figures to docs/reliability.md.
//   npm run reliability                              everything, about half an hour and 17 GB of disk
//   npm run reliability -- --only kills --seed 7     one measurement, with the kills of that seed
//   npm run reliability -- --no-write                leaves the page unchanged
import { parseArgs } from 'node:util'
import { measureKills } from './kills/measure-kills.js'
import { measureMemory } from './limits/measure-memory.js'
import { measureResponsiveness } from './limits/measure-responsiveness.js'
import { describeEnvironment } from './report/environment.js'
import { type Measure, writeFinding } from './report/reliability-page.js'

const parts: Readonly<Record<string, Measure>> = {
  kills: measureKills,
  memory: measureMemory,
  responsiveness: measureResponsiveness,
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
})
const wanted = values.only?.split(',') ?? Object.keys(parts)
const seed = Number(values.seed)
const failures: string[] = []
for (const name of wanted) {
  const measure = parts[name]
  if (measure === undefined)
    throw new Error(`There is no part ${name}; there are ${Object.keys(parts).join(', ')}.`)
  const environment = describeEnvironment()
  console.log(`── ${name} (${environment})`)
  const finding = await measure(seed)
  for (const row of finding.table) console.log(row.join('\t'))
  for (const note of finding.notes) console.log(`   ${note}`)
  for (const failure of finding.failures) console.log(`   FAILED: ${failure}`)
  failures.push(...finding.failures)
  // Write each result at once, so that an aborted run keeps its findings; never write one with failures.
  if (values.write && finding.failures.length === 0) await writeFinding(name, finding, environment)
}
console.log(failures.length === 0 ? 'reliability: all held' : `reliability: ${failures.length} FAILED`)
process.exitCode = failures.length === 0 ? 0 : 1
