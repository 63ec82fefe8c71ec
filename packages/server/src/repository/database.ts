import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import { optionalPackage } from '../optional-package.js'
import { migrate } from './migrations.js'
import { sqliteDialect } from './sqlite-dialect.js'
import type { Tables } from './tables.js'

/** The database of upload records. {@link openDatabase} makes one. */
export interface Database {
  /** For queries; the columns are those of the migrations. */
  readonly tables: Kysely<Tables>
  /** Brings the schema up to date; safe when several processes start at once. */
  migrate(): Promise<void>
  /** Closes the file or the connections; the database is of no use after it. */
  close(): Promise<void>
}

/** `file`: SQLite, created when missing, its folder not. `url`: `postgres://…`, to scale out to several machines. */
export type DatabaseOptions = { readonly file: string } | { readonly url: string }

/** Milliseconds; after it the caller is answered 5xx. */
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
      // Sizes and times are well inside of 2^53; pg would hand them over as text.
      types.setTypeParser(pg.types.builtins.INT8, Number)
      const pool = new pg.Pool({ connectionString: url, types, connectionTimeoutMillis: connectTimeout })
      // An idle connection that breaks is replaced with the next query; without a listener its error would end the process.
      pool.on('error', () => undefined)
      return pool
    },
  })
}
