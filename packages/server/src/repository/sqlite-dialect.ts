import { chmodSync, closeSync, openSync } from 'node:fs'
import type BetterSqlite3 from 'better-sqlite3'
import { type Driver, type Kysely, SqliteAdapter, SqliteDialect, sql } from 'kysely'
import { optionalPackage } from '../optional-package.js'
import { GroupingSqliteDriver } from './sqlite-driver.js'

/** Milliseconds that a writer waits for another process to finish writing. */
const busyTimeout = 5_000

/** SQLite in one file, safe against power failure and usable by several processes. */
export function sqliteDialect(file: string): SqliteDialect {
  return new RegisterSqliteDialect(file)
}

/** File mode for this user only, because the database contains the secret that signs owners' cookies. */
const ownerOnly = 0o600

/** Runs before SQLite opens the file: the files that it creates beside it get the same mode (sqlite.org/wal.html). */
function keepFromOthers(file: string): void {
  if (file === '' || file === ':memory:' || file.startsWith('file:')) return
  closeSync(openSync(file, 'a', ownerOnly))
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(each, ownerOnly)
    } catch (error) {
      // The file does not exist, or belongs to another user, who then decides its mode.
      if (!(error instanceof Error && 'code' in error && /^(?:ENOENT|EPERM)$/u.test(String(error.code))))
        throw error
    }
  }
}

async function openFile(file: string): Promise<BetterSqlite3.Database> {
  const { default: Sqlite } = await optionalPackage(
    'better-sqlite3',
    'A database in a file',
    () => import('better-sqlite3'),
  )
  keepFromOthers(file)
  const database = new Sqlite(file, { timeout: busyTimeout })
  database.pragma('journal_mode = WAL')
  // An acknowledged commit is on disk. With WAL, NORMAL could lose the last commits on a power failure
  // (sqlite.org/pragma.html#pragma_synchronous).
  database.pragma('synchronous = FULL')
  return database
}

class RegisterSqliteDialect extends SqliteDialect {
  readonly #file: string

  constructor(file: string) {
    super({ database: () => openFile(file) })
    this.#file = file
  }

  override createDriver(): Driver {
    return new GroupingSqliteDriver(() => openFile(this.#file))
  }

  override createAdapter(): SqliteAdapter {
    return new LockingSqliteAdapter()
  }
}

/** Kysely assumes that only one process uses a SQLite file; here a migration holds the file's write lock. */
class LockingSqliteAdapter extends SqliteAdapter {
  override async acquireMigrationLock(database: Kysely<unknown>): Promise<void> {
    await sql`begin immediate`.execute(database)
  }

  override async releaseMigrationLock(database: Kysely<unknown>): Promise<void> {
    await sql`commit`.execute(database)
  }
}
