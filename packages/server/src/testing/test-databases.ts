import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../repository/database.js'

/** An empty database that several connections can share. */
export interface TestDatabase {
  connect(): Database
  remove(): Promise<void>
}

async function freshSqlite(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'carryon-database-'))
  const file = join(directory, 'carryon.sqlite')
  return { connect: () => openDatabase({ file }), remove: () => rm(directory, { recursive: true }) }
}

/** Creates a separate schema in the database at `url`. */
async function freshPostgres(url: string): Promise<TestDatabase> {
  const schema = `carryon_${crypto.randomUUID().replaceAll('-', '')}`
  const inDatabase = async (statement: string) => {
    const admin = openDatabase({ url })
    await sql.raw(statement).execute(admin.tables)
    await admin.close()
  }
  await inDatabase(`create schema ${schema}`)
  const inSchema = new URL(url)
  inSchema.searchParams.set('options', `-c search_path=${schema}`)
  return {
    connect: () => openDatabase({ url: inSchema.href }),
    remove: () => inDatabase(`drop schema ${schema} cascade`),
  }
}

const postgresUrl = process.env['TEST_POSTGRES_URL']

/** SQLite always, PostgreSQL if `TEST_POSTGRES_URL` is set. */
export const testDatabases: readonly (readonly [name: string, make: () => Promise<TestDatabase>])[] = [
  ['SQLite', freshSqlite],
  ...(postgresUrl === undefined ? [] : [['PostgreSQL', () => freshPostgres(postgresUrl)] as const]),
]
