import { loadavg } from 'node:os'
import type { Section } from './report/section.js'
import { writeReport } from './report/write-report.js'
import { readArguments } from './runner/arguments.js'
import { chromiumVersion } from './runner/chromium.js'
import { describeMachine } from './runner/machine.js'
import { SampleFiles } from './runner/sample-files.js'
import { workloads } from './workloads/all.js'

const packages = [
  'cos-js-sdk-v5',
  '@aws-sdk/lib-storage',
  '@uppy/aws-s3',
  'tus-js-client',
  '@tus/server',
  '@tus/s3-store',
]

async function run(argv: readonly string[]): Promise<void> {
  const names = workloads.map(({ name }) => name)
  const { full, only, rounds, write } = readArguments(argv, names)
  const mode = full ? 'full' : 'short'
  const chosen = workloads.filter(({ name, inShort }) => only?.includes(name) ?? (full || inShort))
  const chromium = await chromiumVersion()
  const files = await SampleFiles.create()
  const sections: Section[] = []
  try {
    for (const { name, title, description, measure, lacks } of chosen) {
      console.log(`── ${title} (load ${(loadavg()[0] ?? 0).toFixed(1)})`)
      const missing = lacks?.() ?? null
      if (missing !== null) {
        console.log(`   left out: ${missing}`)
        continue
      }
      const machine = describeMachine(chromium, packages)
      const finding = await measure({
        files,
        mode,
        rounds: rounds ?? (full ? 5 : 3),
        say: (line) => console.log(`   ${line}`),
      })
      sections.push({
        name,
        title,
        description: description(mode),
        mode,
        at: new Date().toISOString(),
        machine,
        ...finding,
      })
      for (const { columns, rows } of finding.tables) {
        console.table(
          rows.map((row) => Object.fromEntries(row.map((cell, index) => [columns[index] ?? '', cell]))),
        )
      }
      for (const note of finding.notes) console.log(`   ${note}`)
      // Written after each workload, so that an aborted run keeps its results so far.
      if (write) await writeReport(sections, names)
    }
  } finally {
    await files.close()
  }
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
