import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Program, programOf } from '../support/in-processes.js'

const run = promisify(execFile)
const workspace = join(import.meta.dirname, '../..')

interface Printed {
  readonly before: readonly string[]
  readonly said: readonly string[]
  readonly after: readonly string[]
}

let program: Program
beforeAll(async () => {
  program = await programOf(join(import.meta.dirname, 'support/loaded-packages.ts'))
}, 60_000)
afterAll(() => program.remove())

async function printedBy(file: string): Promise<Printed> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'key',
    NODE_NO_WARNINGS: '1',
  }
  const { stdout } = await run(process.execPath, [file], { env, cwd: dirname(file) })
  return JSON.parse(stdout) as Printed
}

test('@carryon/server loads no database, and no SDK of a cloud, before one is used', async () => {
  const { before, said, after } = await printedBy(program.file)
  expect(before).toEqual([])
  expect(said[0]).toBe('done')
  expect(after).toEqual(['better-sqlite3', 'pg', 'tencentcloud-sdk-nodejs-sts', '@aws-sdk/client-sts'])
})

test('where they are not installed it loads all the same, and each use says what to install', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carryon-optional-'))
  try {
    const manifest = JSON.parse(await readFile(join(workspace, 'packages/server/package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>
    }
    // Link exactly the packages that installing @carryon/server brings.
    for (const name of Object.keys(manifest.dependencies)) {
      await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true })
      await symlink(join(workspace, 'node_modules', name), join(folder, 'node_modules', name))
    }
    await cp(dirname(program.file), join(folder, 'program'), { recursive: true })
    const { said, after } = await printedBy(join(folder, 'program/entry.mjs'))
    const missing = (use: string, name: string) =>
      `MissingPackageError: ${use} needs the package ${name}, which is not installed: npm install ${name}`
    expect(said).toEqual([
      missing('A database in a file', 'better-sqlite3'),
      missing('A database at postgres://', 'pg'),
      missing('Issuing temporary credentials for COS', 'tencentcloud-sdk-nodejs-sts'),
      missing('Issuing temporary credentials for S3', '@aws-sdk/client-sts'),
      missing('Finding credentials for S3 on this machine', '@aws-sdk/client-sts'),
    ])
    expect(after).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
