import { access, chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TestClient, type Reply } from '../testing/client.js'
import { CommandUnderTest } from '../testing/command.js'
import { compileProgram } from '../testing/child-store.js'
import { startTestStore, temporaryDirectory } from '../testing/store.js'

interface Printed {
  readonly url: string
  readonly bucket: string
  readonly secretId: string
  readonly secretKey: string
  readonly data: string
}

/** Reads the values printed in the greeting. */
async function greetingOf(command: CommandUnderTest): Promise<Printed> {
  await expect.poll(() => command.output).toContain('S3 ')
  const value = (name: string): string => new RegExp(`^ +${name} +(.*)$`, 'm').exec(command.output)?.[1] ?? ''
  return {
    url: value('Address'),
    bucket: value('Bucket'),
    secretId: value('SecretId'),
    secretKey: value('SecretKey'),
    data: value('Data'),
  }
}

async function put({ url, bucket, ...credentials }: Printed, key: string): Promise<Reply> {
  return new TestClient(url, credentials).call({ method: 'PUT', path: `/${bucket}/${key}`, body: 'x' })
}

describe('local-cos', () => {
  it('prints address, bucket and a key that works, keeps both, and ends at SIGTERM', async () => {
    const cwd = await temporaryDirectory()
    const program = await compileProgram()
    const first = new CommandUnderTest(program, ['--port', '0'], { cwd })
    const printed = await greetingOf(first)
    expect(printed.data).toBe(join(cwd, 'local-cos-data'))
    expect((await put(printed, 'a')).status).toBe(200)
    expect((await put({ ...printed, secretKey: 'wrong' }, 'a')).code).toBe('SignatureDoesNotMatch')
    await expect
      .poll(() => first.output)
      .toMatch(/200 {2}PutObject +carryon-1250000000\/a .*\n.*403 .*SignatureDoesNotMatch/)
    expect(await first.signal('SIGTERM')).toBe(0)
    expect((await stat(join(cwd, 'local-cos-data', 'keys.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(cwd, 'local-cos-data'))).mode & 0o777).toBe(0o700)
    const again = new CommandUnderTest(program, ['--port', '0'], { cwd })
    const { url, ...same } = await greetingOf(again)
    const { url: before, ...expected } = printed
    expect([url === before, same]).toEqual([false, expected])
    const { status } = await new TestClient(url, same).call({ method: 'GET', path: `/${same.bucket}/a` })
    expect(status).toBe(200)
    expect(await again.signal('SIGINT')).toBe(0)
  })

  it('leaves nothing on disk with --memory, and never prints a key of the environment', async () => {
    const cwd = await temporaryDirectory()
    const environment = { COS_SECRET_ID: 'AKIDenvironment', COS_SECRET_KEY: 'of-the-environment' }
    const command = new CommandUnderTest(await compileProgram(), ['--memory', '--port', '0', '--json'], {
      cwd,
      environment,
    })
    await expect.poll(() => command.output).toContain('"ready"')
    const { url, bucket } = JSON.parse(command.output.split('\n')[0] ?? '') as Printed
    const printed = { url, bucket, secretId: 'AKIDenvironment', secretKey: 'of-the-environment', data: '' }
    expect((await put(printed, 'a')).status).toBe(200)
    expect(await command.signal('SIGTERM')).toBe(0)
    expect(command.output).not.toContain('of-the-environment')
    expect(await readdir(cwd)).toEqual([])
  })

  it('prints keys of objects without what would move a cursor', async () => {
    const command = new CommandUnderTest(await compileProgram(), ['--memory', '--port', '0'])
    const printed = await greetingOf(command)
    await put(printed, 'red\u001b[31m\rgone\u202e')
    await expect.poll(() => command.output).toContain('red\\u{1b}[31m\\u{d}gone\\u{202e}')
    expect(command.output).not.toContain('\u001b')
  })

  it.each([
    [['--prot', '1'], /Unknown option '--prot'\.\nlocal-cos --help lists the options\./],
    [['--memory', '--bucket', 'x'], /bucket must be <name>-<appid>/],
  ])('ends with 2 for %j', async (args, why) => {
    const command = new CommandUnderTest(await compileProgram(), args)
    expect(await command.ended()).toBe(2)
    expect(command.errors).toMatch(why)
    expect(command.output).toBe('')
  })

  it('says which variable is missing, which port is taken and which folder cannot be written', async () => {
    const program = await compileProgram()
    const run = async (
      args: readonly string[],
      environment: Readonly<Record<string, string>> = {},
    ): Promise<readonly [number | null, string]> => {
      const command = new CommandUnderTest(program, args, { environment })
      return [await command.ended(), command.errors]
    }
    const half = await run(['--memory', '--port', '0'], { COS_SECRET_ID: 'AKIDx' })
    expect(half).toEqual([2, expect.stringContaining('COS_SECRET_KEY is missing')])
    const { store } = await startTestStore()
    const taken = await run(['--memory', '--port', String(store.port)])
    expect(taken).toEqual([1, expect.stringMatching(/is taken[^]*--port PORT chooses another/)])
    const folder = await temporaryDirectory()
    await writeFile(join(folder, 'file'), '')
    const unwritable = await run(['--data', join(folder, 'file', 'data'), '--port', '0'])
    expect(unwritable).toEqual([1, expect.stringContaining('use --memory')])
    const damaged = join(folder, 'damaged')
    await mkdir(damaged)
    await writeFile(join(damaged, 'keys.json'), '{}')
    expect(await run(['--data', damaged, '--port', '0'])).toEqual([
      2,
      expect.stringContaining('does not hold a secretId'),
    ])
    expect(await readFile(join(damaged, 'keys.json'), 'utf8')).toBe('{}')
    if (process.getuid?.() === 0) return
    await chmod(folder, 0o500)
    expect((await run(['--data', join(folder, 'data'), '--port', '0']))[0]).toBe(1)
  })

  it('prints help and version', async () => {
    const program = await compileProgram()
    const help = new CommandUnderTest(program, ['--help'])
    expect(await help.ended()).toBe(0)
    for (const name of ['--port', '--host', '--memory', '--data', '--bucket', 'conformance']) {
      expect(help.output).toContain(name)
    }
    const version = new CommandUnderTest(program, ['--version'])
    expect(await version.ended()).toBe(0)
    expect(version.output.trim()).not.toBe('')
    await expect(access('local-cos-data')).rejects.toThrow()
  })
})
