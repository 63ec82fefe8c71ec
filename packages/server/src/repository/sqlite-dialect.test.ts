import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from './database.js'
import { sharedSecret } from './secrets.js'

let place: string
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'carryon-sqlite-'))
})
afterEach(() => rm(place, { recursive: true }))

const rights = async () => {
  const names = await readdir(place)
  const modes = names.map(async (name) => [name, (await stat(join(place, name))).mode & 0o777] as const)
  return Object.fromEntries(await Promise.all(modes))
}

test.each([
  ['new', async () => undefined],
  [
    'of an earlier version',
    async (file: string) => {
      for (const each of [file, `${file}-wal`, `${file}-shm`]) {
        await writeFile(each, '')
        await chmod(each, 0o644)
      }
    },
  ],
] as const)(
  'a database that is %s is for this user alone, and what SQLite lays beside it',
  async (_, before) => {
    const file = join(place, 'carryon.sqlite')
    await before(file)
    const database = openDatabase({ file })
    await database.migrate()
    await sharedSecret(database.tables, 'x')
    expect(await rights()).toEqual({
      'carryon.sqlite': 0o600,
      'carryon.sqlite-wal': 0o600,
      'carryon.sqlite-shm': 0o600,
    })
    await database.close()
  },
)
