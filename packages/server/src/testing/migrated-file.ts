import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../repository/database.js'

let migrated: Promise<Buffer> | undefined

/**
 * Writes an empty SQLite database with the current schema. The migrations run only once per test file, because each waits
 * for the disk.
 */
export async function writeMigratedFile(file: string): Promise<void> {
  migrated ??= migrate()
  await writeFile(file, await migrated, { mode: 0o600 })
}

async function migrate(): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'carryon-schema-'))
  const file = join(directory, 'carryon.sqlite')
  const database = openDatabase({ file })
  await database.migrate()
  // Closing writes the WAL into the main file.
  await database.close()
  const bytes = await readFile(file)
  await rm(directory, { recursive: true })
  return bytes
}
