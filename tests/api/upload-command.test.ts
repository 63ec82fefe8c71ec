import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { uploadCommand, type UploadCommandOptions } from '../../apps/carryon/src/upload-command.js'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'

const mebibyte = 2 ** 20

let api: ApiUnderTest
let folder: string
beforeEach(async () => {
  api = await startApi()
  folder = await mkdtemp(join(tmpdir(), 'carryon-command-'))
})
afterEach(async () => {
  await api.close()
  await rm(folder, { recursive: true, force: true })
})

interface Run {
  readonly stored: boolean
  readonly printed: readonly string[]
  readonly said: readonly string[]
}

async function run(
  paths: readonly string[],
  {
    server = api.url,
    header = [],
    stopOn,
    more = {},
  }: {
    server?: string
    header?: readonly string[]
    stopOn?: Promise<unknown>
    more?: Partial<UploadCommandOptions>
  } = {},
): Promise<Run> {
  const printed: string[] = []
  const said: string[] = []
  const stop = new AbortController()
  void stopOn?.then(() => stop.abort())
  const terminal = {
    print: (line: string) => printed.push(line),
    say: (line: string) => said.push(line),
  }
  const options: UploadCommandOptions = {
    server,
    header,
    onDuplicate: 'reuse',
    stateFolder: join(folder, 'state'),
    timeout: 600,
    linkExpires: 3_600,
    ...more,
  }
  return { stored: await uploadCommand(paths, options, terminal, stop.signal), printed, said }
}

async function made(name: string, size: number): Promise<{ readonly path: string; readonly sha256: string }> {
  const bytes = randomBytes(size)
  const path = join(folder, name)
  await writeFile(path, bytes)
  return { path, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Path of the file that stores the only owner's key. */
async function ownerFile(): Promise<string> {
  const [file = '', ...others] = (await readdir(join(folder, 'state'))).filter((name) =>
    name.startsWith('owner'),
  )
  expect(others).toEqual([])
  return join(folder, 'state', file)
}

/** SHA-256 of the object behind an address, fetched as the owner. */
async function sha256At(url: string | undefined): Promise<string> {
  const owner: unknown = JSON.parse(await readFile(await ownerFile(), 'utf8'))
  const { key } = owner as { key: string }
  const answer = await fetch(String(url), { headers: { 'carryon-owner': key } })
  return createHash('sha256')
    .update(new Uint8Array(await answer.arrayBuffer()))
    .digest('hex')
}

describe('carryon upload', () => {
  test('stores files and prints where, one line each', async () => {
    const large = await made('film 空.bin', 20 * mebibyte)
    const small = await made('photo.bin', 1000)
    const { stored, printed } = await run([large.path, small.path])
    expect(stored).toBe(true)
    const found = await Promise.all(printed.map(sha256At))
    expect(found.sort()).toEqual([large.sha256, small.sha256].sort())
  })

  test('goes on after it was stopped, and sends nothing twice', async () => {
    const size = 80 * mebibyte
    const file = await made('film.bin', size)
    const stored = () => {
      const parts = api.local.journal.filter(
        ({ operation, acknowledged }) => operation === 'UploadPart' && acknowledged,
      )
      return { count: parts.length, bytes: parts.reduce((sum, { received }) => sum + received, 0) }
    }
    api.local.faults?.set({ operation: 'UploadPart', skip: 6, fault: { kind: 'hang' } })
    const first = await run([file.path], {
      stopOn: vi.waitFor(() => expect(stored().count).toBe(6), { timeout: 30_000 }),
    })
    expect(first.stored).toBe(false)
    expect(first.said.at(-1)).toContain('The same command resumes')
    const there = stored().bytes
    expect(there).toBeLessThan(size)
    api.local.faults?.clear()
    const second = await run([file.path])
    expect(second.said).toContain(`film.bin: done, of which ${there} bytes were there`)
    expect(await sha256At(second.printed[0])).toBe(file.sha256)
    expect(stored().bytes).toBe(size)
  })

  test('knows what is stored already', async () => {
    const file = await made('film.bin', 20 * mebibyte)
    const [first] = (await run([file.path])).printed
    const again = await run([file.path])
    expect(again.printed).toEqual([first])
    expect(again.said).toContain('film.bin: already there')
  })

  test('says which file it cannot read, and stores the others', async () => {
    const file = await made('there.bin', 1000)
    const { stored, printed, said } = await run([join(folder, 'none.bin'), file.path])
    expect(stored).toBe(false)
    expect(printed).toHaveLength(1)
    expect(said.join('\n')).toContain('none.bin')
  })

  test('keeps who it is where only its user can read it', async () => {
    await run([(await made('a.bin', 10)).path])
    expect((await stat(await ownerFile())).mode & 0o777).toBe(0o600)
  })

  test.each(['files.example.com', 'ftp://files.example.com', ''])(
    'refuses the address %j',
    async (server) => {
      await expect(run([], { server })).rejects.toThrow('--server')
    },
  )

  test('refuses a header that is none', async () => {
    await expect(run([], { header: ['Bearer 1'] })).rejects.toThrow('--header')
  })
})
