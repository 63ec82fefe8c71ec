import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from './tables.js'
import type { UploadRow } from './upload-row.js'

/** Limits that an owner must be within after an insert; `Infinity` means no limit. */
export interface InsertBounds {
  readonly openFiles: number
  readonly openBytes: number
  /** Of unfinished and finished uploads. */
  readonly totalBytes: number
}

/** See `UploadRepository.insertWithin`. */
export async function insertWithin(
  tables: Kysely<Tables>,
  row: UploadRow,
  bounds: InsertBounds,
): Promise<UploadRow | undefined> {
  const conditions = conditionsOf(row, bounds)
  if (conditions.length === 0 || !seesOwnSnapshot(tables)) return insert(tables, row, conditions)
  return tables.transaction().execute(async (transaction) => {
    // A separate statement, so that the next one takes its snapshot after the lock is acquired.
    await sql`select pg_advisory_xact_lock(hashtextextended(${row.owner}, 0))`.execute(transaction)
    return insert(transaction, row, conditions)
  })
}

/**
 * In PostgreSQL, each statement sees only what was committed when it began. SQLite allows one writer at a time, which
 * sees all earlier writes.
 */
function seesOwnSnapshot(tables: Kysely<Tables>): boolean {
  return tables.getExecutor().adapter.supportsTransactionalDdl
}

async function insert(
  tables: Kysely<Tables>,
  row: UploadRow,
  conditions: readonly RawBuilder<boolean>[],
): Promise<UploadRow | undefined> {
  const columns = Object.keys(row) as (keyof UploadRow)[]
  const values = tables.selectNoFrom(columns.map((name) => sql.val(row[name]).as(name)))
  return (
    tables
      .insertInto('uploads')
      .columns(columns)
      // SQLite parses "on conflict" after a "select" as a join unless there is a "where" (sqlite.org/lang_upsert.html).
      .expression([sql<boolean>`1 = 1`, ...conditions].reduce((query, one) => query.where(one), values))
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
  )
}

function conditionsOf(
  { owner, size }: UploadRow,
  { openFiles, openBytes, totalBytes }: InsertBounds,
): RawBuilder<boolean>[] {
  const open = sql`from uploads where owner = ${owner} and state in ('open', 'completing')`
  const done = sql`from uploads where owner = ${owner} and state = 'done'`
  const conditions: RawBuilder<boolean>[] = []
  if (openFiles < Infinity) conditions.push(sql<boolean>`(select count(*) ${open}) < ${openFiles}`)
  if (openBytes < Infinity) {
    conditions.push(sql<boolean>`(select coalesce(sum(size), 0) ${open}) <= ${openBytes - size}`)
  }
  if (totalBytes < Infinity) {
    conditions.push(
      sql<boolean>`(select coalesce(sum(size), 0) ${open}) + (select coalesce(sum(size), 0) ${done}) <= ${totalBytes - size}`,
    )
  }
  return conditions
}
