import { chmodSync, closeSync, openSync } from 'node:fs'
import type BetterSqlite3 from 'better-sqlite3'
import { type Driver, type Kysely, SqliteAdapter, SqliteDialect, sql } from 'kysely'
import { optionalPackage } from '../optional-package.js'
import { GroupingSqliteDriver } from './sqlite-driver.js'

/** Milliseconds that a writer waits for another process's write. */
const busyTimeout = 5_000

/** SQLite in one file, safe against a power cut and shared by several processes. */
export function sqliteDialect(file: string): SqliteDialect {
  return new RegisterSqliteDialect(file)
}

/** Only this user may read it: it holds the secret that signs owners' cookies. */
const ownerOnly = 0o600

/** Before SQLite opens it: the files that it lays beside it get the same rights (sqlite.org/wal.html). */
function keepFromOthers(file: string): void {
  if (file === '' || file === ':memory:' || file.startsWith('file:')) return
  closeSync(openSync(file, 'a', ownerOnly))
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(each, ownerOnly)
    } catch (error) {
      // Not there, or another user's, who then decides about it.
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
  // A commit that was acknowledged is on disk: with WAL, NORMAL would lose the last ones on a power cut
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

/** Kysely takes a SQLite file for the property of one process; here a migration holds the file's write lock. */
class LockingSqliteAdapter extends SqliteAdapter {
  override async acquireMigrationLock(database: Kysely<unknown>): Promise<void> {
    await sql`begin immediate`.execute(database)
  }

  override async releaseMigrationLock(database: Kysely<unknown>): Promise<void> {
    await sql`commit`.execute(database)
  }
}
