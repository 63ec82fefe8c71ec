import BetterSqlite3 from 'better-sqlite3'
import { type Driver, type Kysely, SqliteAdapter, SqliteDialect, sql } from 'kysely'
import { GroupingSqliteDriver } from './sqlite-driver.js'

/** Milliseconds that a writer waits for another process's write. */
const busyTimeout = 5_000

/** SQLite in one file, safe against a power cut and shared by several processes. */
export function sqliteDialect(file: string): SqliteDialect {
  return new RegisterSqliteDialect(file)
}

function openFile(file: string): BetterSqlite3.Database {
  const database = new BetterSqlite3(file, { timeout: busyTimeout })
  database.pragma('journal_mode = WAL')
  // A commit that was acknowledged is on disk: with WAL, NORMAL would lose the last ones on a power cut
  // (sqlite.org/pragma.html#pragma_synchronous).
  database.pragma('synchronous = FULL')
  return database
}

class RegisterSqliteDialect extends SqliteDialect {
  readonly #file: string

  constructor(file: string) {
    super({ database: async () => openFile(file) })
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
