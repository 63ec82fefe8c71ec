import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import { optionalPackage } from '../optional-package.js'
import { migrate } from './migrations.js'
import { sqliteDialect } from './sqlite-dialect.js'
import type { Tables } from './tables.js'

/** The database of upload records. {@link openDatabase} makes one. */
export interface Database {
  /** Query builder; the columns are those of the migrations. */
  readonly tables: Kysely<Tables>
  /** Brings the schema up to date; safe when several processes start at once. */
  migrate(): Promise<void>
  /** Closes the file or the connections; the database cannot be used afterwards. */
  close(): Promise<void>
}

/** `file`: SQLite; the file is created if missing, its folder is not. `url`: `postgres://…`, to scale out to several machines. */
export type DatabaseOptions = { readonly file: string } | { readonly url: string }

/** Milliseconds; after that, the caller is answered 5xx. */
const connectTimeout = 5_000

/**
 * Opens the database lazily: the file is created, or the connection made, with the first query.
 *
 * @example openDatabase({ file: './data/carryon.sqlite' })
 */
export function openDatabase(options: DatabaseOptions): Database {
  const tables = new Kysely<Tables>({
    dialect: 'file' in options ? sqliteDialect(options.file) : postgresDialect(options.url),
    plugins: [new CamelCasePlugin()],
  })
  return { tables, migrate: () => migrate(tables), close: () => tables.destroy() }
}

function postgresDialect(url: string): PostgresDialect {
  return new PostgresDialect({
    pool: async () => {
      const { default: pg } = await optionalPackage('pg', 'A database at postgres://', () => import('pg'))
      const types = new pg.TypeOverrides()
      // Sizes and times are well below 2^53; by default pg would return them as text.
      types.setTypeParser(pg.types.builtins.INT8, Number)
      const pool = new pg.Pool({ connectionString: url, types, connectionTimeoutMillis: connectTimeout })
      // The next query replaces a broken idle connection; without a listener, its error would end the process.
      pool.on('error', () => undefined)
      return pool
    },
  })
}
