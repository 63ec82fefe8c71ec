import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

/** A checkout with fakes of npm, the compiler and the bundler that only record their run and write their output files. */
let checkout: string

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'carryon-start-'))
  fill()
})
afterEach(() => rmSync(checkout, { recursive: true, force: true }))

function fill() {
  cpSync(join(import.meta.dirname, '../../../scripts'), join(checkout, 'scripts'), { recursive: true })
  write('package.json', '{ "type": "module" }')
  write('package-lock.json', '{}')
  write('tsconfig.base.json', '{}')
  write('packages/client/src/index.ts', 'export const version = 1\n')
  write('apps/web/index.html', '')
  write('bin/package.json', '{ "type": "commonjs" }')
  write('bin/npm', `#!${process.execPath}\n${noting('installed')}`)
  chmodSync(join(checkout, 'bin/npm'), 0o755)
  write('node_modules/package.json', '{ "type": "commonjs" }')
  write(
    'node_modules/typescript/bin/tsc',
    noting('compiled', { 'apps/carryon/dist/main.js': 'console.log("carryon ready")' }),
  )
  write('node_modules/vite/bin/vite.js', noting('bundled', { 'apps/web/dist/index.html': '' }))
}

function write(path: string, content: string) {
  mkdirSync(dirname(join(checkout, path)), { recursive: true })
  writeFileSync(join(checkout, path), content)
}

/** Source of a program that records its run and writes these files. */
function noting(what: string, leaves: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(leaves).map(([path, content]) => {
    const file = JSON.stringify(join(checkout, path))
    return `fs.mkdirSync(path.dirname(${file}), { recursive: true }); fs.writeFileSync(${file}, ${JSON.stringify(content)})`
  })
  const note = `fs.appendFileSync(${JSON.stringify(join(checkout, 'notes'))}, ${JSON.stringify(`${what}\n`)})`
  return ["const fs = require('node:fs'); const path = require('node:path')", note, ...lines].join('\n')
}

/** Runs a script of the checkout and waits for it. */
function run(script: string) {
  return spawnSync(process.execPath, [join(checkout, 'scripts', script)], {
    encoding: 'utf8',
    env: { ...process.env, PATH: [join(checkout, 'bin'), process.env['PATH'] ?? ''].join(delimiter) },
  })
}

/** Starts like `npm start`. @returns the programs that ran before the product itself */
function start(): string[] {
  const { stdout, stderr } = run('start.mjs')
  expect(stdout + stderr).toContain('carryon ready')
  const notes = join(checkout, 'notes')
  const ran = existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []
  rmSync(notes, { force: true })
  return ran
}

it('the first start installs and builds, a second one neither', () => {
  expect(start()).toEqual(['installed', 'compiled', 'bundled'])
  expect(start()).toEqual([])
})

it('a changed source is built again, and changed dependencies are installed again', () => {
  start()
  write('packages/client/src/index.ts', 'export const version = 2\n')
  expect(start()).toEqual(['compiled', 'bundled'])
  write('packages/client/src/index.test.ts', 'no part of what is built')
  expect(start()).toEqual([])
  write('package-lock.json', '{ "lockfileVersion": 3 }')
  expect(start()).toEqual(['installed', 'compiled', 'bundled'])
})

it.each(['start.mjs', 'build.mjs'])(
  'in a folder with a # in its name, %s says so and does nothing',
  (script) => {
    const parent = checkout
    checkout = join(parent, 'mine #2')
    try {
      fill()
      const { status, stderr } = run(script)
      expect([status, stderr]).toEqual([1, expect.stringContaining(checkout)])
      expect(stderr).toContain('has a "#" in it')
      expect(existsSync(join(checkout, 'notes'))).toBe(false)
    } finally {
      checkout = parent
    }
  },
)
