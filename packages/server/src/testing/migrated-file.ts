import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../repository/database.js'

let migrated: Promise<Buffer> | undefined

/** Writes an empty SQLite database of the present schema. The migrations run once for each test file: each waits for the disk. */
export async function writeMigratedFile(file: string): Promise<void> {
  migrated ??= migrate()
  await writeFile(file, await migrated, { mode: 0o600 })
}

async function migrate(): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'carryon-schema-'))
  const file = join(directory, 'carryon.sqlite')
  const database = openDatabase({ file })
  await database.migrate()
  // What is beside the file is written into it.
  await database.close()
  const bytes = await readFile(file)
  await rm(directory, { recursive: true })
  return bytes
}
