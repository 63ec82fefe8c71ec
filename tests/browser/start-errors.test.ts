import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startPostgres, whyNoPostgres } from '../../scripts/postgres.mjs'
import { freePorts } from '../support/free-ports.js'
import { runCarryon } from './harness/product.js'
import { makeScratchFolder } from './harness/scratch-folder.js'

async function scratch(): Promise<string> {
  const folder = await makeScratchFolder('start')
  onTestFinished(() => folder.remove())
  return folder.path
}

test('a wrong configuration names every problem at once and exits with 2', async () => {
  const carryon = runCarryon({
    PORT: '70000',
    STORE: 'cos',
    COS_BUCKET: 'videos',
    UPLOAD_EXPIRE_DAYS: 'soon',
  })
  expect(await carryon.exited).toBe(2)
  for (const name of [
    'PORT',
    'COS_BUCKET',
    'COS_SECRET_ID',
    'COS_SECRET_KEY',
    'COS_REGION',
    'UPLOAD_EXPIRE_DAYS',
  ]) {
    expect(carryon.output()).toMatch(new RegExp(`^ +(?:\\w+ and )?${name} `, 'm'))
  }
  expect(carryon.output()).not.toMatch(/^ +at /m)
})

test.each(['PORT', 'LOCAL_STORE_PORT'])('%s taken by another program is said in words', async (variable) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const carryon = runCarryon({ DATA_DIR: join(await scratch(), 'data'), [variable]: String(port) })
  expect(await carryon.exited).toBe(1)
  expect(carryon.output()).toContain(`Port ${port}`)
  expect(carryon.output()).toMatch(/taken/)
  expect(carryon.output()).toMatch(new RegExp(`set ${variable}`, 'i'))
  expect(carryon.output()).not.toMatch(/^ +at /m)
})

test('a data directory that cannot be written is said in words', async () => {
  const file = join(await scratch(), 'a file')
  await writeFile(file, '')
  const dataDir = join(file, 'data')
  const carryon = runCarryon({ DATA_DIR: dataDir })
  expect(await carryon.exited).toBe(1)
  expect(carryon.output()).toContain(dataDir)
  expect(carryon.output()).toMatch(/cannot be written/)
  expect(carryon.output()).not.toMatch(/^ +at /m)
})

describe('a database', () => {
  /** The command's error message, which must come without a stack trace. */
  const saidOf = async (databaseUrl: string): Promise<string> => {
    const carryon = runCarryon({ DATA_DIR: join(await scratch(), 'data'), DATABASE_URL: databaseUrl })
    expect(await carryon.exited).toBe(databaseUrl.includes('#') ? 2 : 1)
    expect(carryon.output()).not.toMatch(/^ +at /m)
    return carryon.output()
  }

  test('that is away is named, without its password', async () => {
    const [port = 0] = await freePorts(1)
    const said = await saidOf(`postgres://carryon:verysecret@127.0.0.1:${port}/carryon`)
    expect(said).toContain(`The database at 127.0.0.1:${port} refuses connections`)
    expect(said).not.toContain('verysecret')
  })

  test('whose password has a # in it is told how to write that', async () => {
    const said = await saidOf('postgres://carryon:very#secret@127.0.0.1:5432/carryon')
    expect(said).toContain('write # as %23')
    expect(said).not.toMatch(/very|secret/)
  })

  test.skipIf(whyNoPostgres() !== null)(
    'that does not accept the password, or has another name',
    async () => {
      const postgres = await startPostgres()
      onTestFinished(() => postgres.stop())
      const url = new URL(postgres.url)
      const { password } = url
      url.password = 'wrong%23one'
      expect(await saidOf(url.href)).toContain('does not accept the password')
      url.password = password
      url.pathname = '/no-such-database'
      expect(await saidOf(url.href)).toContain('has no database of that name')
    },
  )

  test('whose file is damaged is told in words', async () => {
    const dataDir = await scratch()
    await writeFile(
      join(dataDir, 'carryon.sqlite'),
      'no database, but long enough to be read as the head of one '.repeat(4),
    )
    const carryon = runCarryon({ DATA_DIR: dataDir })
    expect(await carryon.exited).toBe(1)
    expect(carryon.output()).toContain(`The database in ${dataDir} cannot be used (SQLITE_NOTADB)`)
    expect(carryon.output()).not.toMatch(/^ +at /m)
  })
})

test('a .env file in the folder of the start is read, and the environment goes before it', async () => {
  const folder = await scratch()
  await writeFile(join(folder, '.env'), 'DATA_DIR=./from-the-file\nPORT=not-a-port\nCOS_REGION=ap-beijing\n')
  const carryon = runCarryon({ PORT: '0' }, folder)
  onTestFinished(() => carryon.end('SIGKILL').then(() => undefined))
  await Promise.race([carryon.printed(/carryon ready/), carryon.exited])
  expect(carryon.output()).toContain(`data in ${join(folder, 'from-the-file')})`)
  expect(await carryon.end('SIGTERM')).toBe(0)
})
