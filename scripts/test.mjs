// `npm test`: installs what is missing, then checks lint, formatting, types and docstrings, and runs the unit, bench,
// conformance and browser tests, and the tests that run in three browser engines.
// Runs every step even when one fails, and ends with the line `N passed, N failed`.
//   npm test                      everything
//   npm test -- unit conformance  only these steps
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { ensureChromium } from './browsers.mjs'
import { startPostgres, whyNoPostgres } from './postgres.mjs'
import { ensureBuilt, ensureInstalled, requireNode, requirePath, root, toolPath } from './workspace.mjs'

requireNode()
requirePath()
ensureInstalled()

const reports = mkdtempSync(join(tmpdir(), 'carryon-reports-'))
let passed = 0
let failed = 0
/** What failed and why, repeated at the end, because the first failure of a long run has scrolled far up. */
const failures = []
/** The same for tests that failed once and passed on the second try. */
const retried = []

function fail(what, why = '') {
  failed++
  failures.push(why === '' ? what : `${what}\n${indented(why)}`)
}

function indented(text) {
  return text.replaceAll(/^/gm, '    ')
}

/** A step that passes or fails as a whole. Several run at once, so the output is printed when the step has ended. */
function check(name, tool, args) {
  return {
    name,
    isCheck: true,
    async run() {
      const child = spawn(process.execPath, [toolPath(tool), ...args], { cwd: root, stdio: 'pipe' })
      const output = []
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(data))
      const status = await new Promise((resolve) => {
        child.on('error', (error) => {
          output.push(Buffer.from(`${error.message}\n`))
          resolve(1)
        })
        child.on('close', resolve)
      })
      if (status === 0) passed++
      else fail(name)
      console.log(`\n── ${name}`)
      process.stdout.write(Buffer.concat(output))
      console.log(`── ${name}: ${status === 0 ? 'passed' : 'FAILED'}`)
    },
  }
}

/**
 * A Vitest project, counted test by test. A run without a report, or with a failure outside its tests, is one failure.
 */
function tests(project) {
  return {
    name: project,
    run() {
      const report = join(reports, `${project}.json`)
      const args = [
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ]
      const { status } = spawnSync(process.execPath, [toolPath('vitest'), ...args], {
        cwd: root,
        stdio: 'inherit',
      })
      let results
      try {
        results = JSON.parse(readFileSync(report, 'utf8'))
      } catch {
        fail(project, 'It ended without a report.')
        return
      }
      passed += results.numPassedTests
      const before = failed
      for (const { name, status, message, assertionResults } of results.testResults) {
        const file = `${project}: ${relative(root, name)}`
        for (const test of assertionResults)
          if (test.status === 'passed' && test.failureMessages.length > 0)
            retried.push(`${file}: ${test.fullName}\n${indented(test.failureMessages[0])}`)
        const failedTests = assertionResults.filter((test) => test.status === 'failed')
        for (const test of failedTests) fail(`${file}: ${test.fullName}`, test.failureMessages.join('\n'))
        if (status === 'failed' && failedTests.length === 0) fail(file, message)
      }
      if (failed > before) return
      if (status !== 0) fail(project, 'Its tests passed, and it ended with an error.')
      else if (results.numPassedTests === 0) fail(project, 'No test ran.')
    },
  }
}

const steps = [
  check('lint', 'eslint', ['.', '--max-warnings', '0']),
  check('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
  check('types', 'tsc', ['-p', 'tsconfig.json']),
  check('types-vue', 'vue-tsc', ['-p', 'packages/vue/tsconfig.json']),
  check('types-web', 'vue-tsc', ['-p', 'apps/web/tsconfig.json']),
  check('reference', 'typedoc', ['--emit', 'none']),
  tests('unit'),
  tests('bench'),
  tests('conformance'),
  tests('browser'),
  tests('slow-lines'),
  tests('browser-alone'),
  tests('engines'),
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(
    `carryon: no test step ${unknown.join(', ')}; there are ${steps.map((step) => step.name).join(', ')}.`,
  )
  process.exit(2)
}
const selected = wanted.length === 0 ? steps : steps.filter((step) => wanted.includes(step.name))

const includes = (...names) => selected.some((step) => names.includes(step.name))
if (includes('browser', 'slow-lines', 'browser-alone', 'conformance', 'engines')) ensureChromium()
if (includes('browser', 'slow-lines', 'browser-alone', 'conformance', 'engines')) ensureBuilt()

// The repository suite runs on SQLite and, if TEST_POSTGRES_URL is set, on PostgreSQL too.
let postgres
if (includes('unit') && process.env.TEST_POSTGRES_URL === undefined) {
  try {
    const reason = whyNoPostgres()
    if (reason === null) {
      postgres = await startPostgres()
      process.env.TEST_POSTGRES_URL = postgres.url
    } else console.warn(`carryon: the repository is not tested on PostgreSQL: ${reason}.`)
  } catch (error) {
    // In CI it has to be there.
    console.error(`carryon: the repository is not tested on PostgreSQL: ${error.message}.`)
    fail('PostgreSQL for the unit tests', error.message)
  }
}

// Two at a time: each check uses one thread, and most machines have at least two.
const checks = selected.filter(({ isCheck }) => isCheck)
await Promise.all(
  Array.from({ length: 2 }, async () => {
    for (let step = checks.shift(); step !== undefined; step = checks.shift()) await step.run()
  }),
)
for (const step of selected.filter(({ isCheck }) => !isCheck)) {
  console.log(`\n── ${step.name}`)
  const before = failed
  step.run()
  console.log(`── ${step.name}: ${failed === before ? 'passed' : 'FAILED'}`)
}
await postgres?.stop()
rmSync(reports, { recursive: true, force: true })
for (const test of retried) console.log(`\nPASSED AT THE SECOND TRY ${test}`)
for (const failure of failures) console.log(`\nFAILED ${failure}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
