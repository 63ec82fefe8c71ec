import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import COS from 'cos-nodejs-sdk-v5'
import { describe, expect, onTestFinished, test } from 'vitest'
import { root } from '../../scripts/workspace.mjs'

const run = promisify(execFile)
const folder = join(root, 'packages/local-cos')
const packageFolder = (name: string): string =>
  dirname(createRequire(join(folder, 'package.json')).resolve(`${name}/package.json`))

/** An application with only the packed package installed, and without network access. */
async function installedApplication(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'local-cos-installed-'))
  onTestFinished(async () => rm(directory, { recursive: true, force: true }))
  const pack = ['pack', '--pack-destination', directory, '--ignore-scripts', '--json']
  const { stdout } = await run('npm', pack, { cwd: folder })
  const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[]
  await writeFile(join(directory, 'package.json'), '{ "name": "application", "type": "module" }')
  const dependencies = ['@fastify/busboy', 'hash-wasm'].map(packageFolder)
  await run(
    'npm',
    ['install', '--offline', '--no-audit', '--no-fund', `./${packed?.filename ?? ''}`, ...dependencies],
    { cwd: directory },
  )
  return directory
}

async function readyLine(child: ChildProcess): Promise<Readonly<Record<string, string>>> {
  if (child.stdout === null) throw new TypeError('It was started without a pipe')
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line) as Readonly<Record<string, string>>
    if (message['message'] === 'ready') return message
  }
  throw new Error('The store ended before it was ready')
}

describe('local-cos, packed and installed in an empty folder', () => {
  test('starts by npx and keeps a file of an SDK; conformance finds it as documented', async () => {
    const directory = await installedApplication()
    const inherited = { ...process.env, COS_SECRET_ID: '', COS_SECRET_KEY: '' }
    const child = spawn(
      process.execPath,
      [join(directory, 'node_modules/.bin/local-cos'), '--memory', '--port', '0', '--json', '--quiet'],
      { cwd: directory, env: inherited, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    const { url = '', bucket = '', secretId = '', secretKey = '' } = await readyLine(child)
    const cos = new COS({
      SecretId: secretId,
      SecretKey: secretKey,
      Protocol: 'http:',
      Ip: new URL(url).host,
    })
    const object = { Bucket: bucket, Region: 'ap-guangzhou', Key: 'a.txt' }
    await cos.putObject({ ...object, Body: 'hello' })
    expect((await cos.getObject(object)).Body.toString()).toBe('hello')
    const env = { ...inherited, COS_SECRET_ID: secretId, COS_SECRET_KEY: secretKey }
    const args = ['--bucket', bucket, '--region', 'ap-guangzhou', '--endpoint', url]
    const { stdout } = await run('npx', ['--offline', 'local-cos', 'conformance', ...args], {
      cwd: directory,
      env,
    })
    expect(stdout).toMatch(/\d+ same, 0 differ, 0 not run/)
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    expect((await readdir(directory)).filter((name) => name.startsWith('local-cos-'))).toEqual([])
  })

  test('is imported by a program that has nothing else', async () => {
    const directory = await installedApplication()
    const program = `
      import { startLocalCos } from '@carryon/local-cos'
      const store = await startLocalCos()
      const { status } = await fetch(store.baseUrl)
      await store.stop()
      console.log(status)
    `
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: directory })
    expect(stdout.trim()).toBe('403')
  })
})
