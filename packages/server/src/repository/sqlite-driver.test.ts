import BetterSqlite3 from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GroupingSqliteDriver } from './sqlite-driver.js'

interface Tables {
  readonly things: { readonly id: number; readonly content: string }
}

let ran: string[]
let raw: BetterSqlite3.Database
let database: Kysely<Tables>

class TestDialect extends SqliteDialect {
  override createDriver(): GroupingSqliteDriver {
    return new GroupingSqliteDriver(async () => raw)
  }
}

beforeEach(async () => {
  raw = new BetterSqlite3(':memory:', { verbose: (statement) => ran.push(String(statement)) })
  database = new Kysely<Tables>({ dialect: new TestDialect({ database: raw }) })
  ran = []
  await sql`create table things (id integer primary key, content text not null)`.execute(database)
  ran = []
})
afterEach(() => database.destroy())

const insert = (id: number, content = '') =>
  database.insertInto('things').values({ id, content }).returningAll().executeTakeFirstOrThrow()
const ids = async () => {
  const rows = await database.selectFrom('things').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}
const commits = () => ran.filter((statement) => statement === 'commit').length

describe('GroupingSqliteDriver', () => {
  test('commits writes that come together at once, and answers each with its own rows', async () => {
    const rows = await Promise.all([1, 2, 3, 4].map((id) => insert(id, `of ${id}`)))
    expect(rows.map(({ content }) => content)).toEqual(['of 1', 'of 2', 'of 3', 'of 4'])
    expect(commits()).toBe(1)
    await insert(5)
    expect(commits()).toBe(2)
  })

  test('resolves no write before the commit', async () => {
    const first = insert(1).then(() => raw.inTransaction)
    const second = insert(2).then(() => raw.inTransaction)
    expect(await Promise.all([first, second])).toEqual([false, false])
  })

  test('refuses a write alone; those beside it stand', async () => {
    const results = await Promise.allSettled([insert(1), insert(1), insert(2)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await ids()).toEqual([1, 2])
  })

  test('tells how many rows a write changed', async () => {
    await Promise.all([insert(1), insert(2)])
    const { numUpdatedRows } = await database
      .updateTable('things')
      .set({ content: 'x' })
      .executeTakeFirstOrThrow()
    expect(numUpdatedRows).toBe(2n)
  })

  test('keeps what was accepted and nothing else when the disk is full', async () => {
    raw.pragma('max_page_count = 20')
    const writes = Array.from({ length: 40 }, (_, id) => insert(id, 'x'.repeat(5_000)))
    const results = await Promise.allSettled(writes)
    const accepted = results.flatMap(({ status }, id) => (status === 'fulfilled' ? [id] : []))
    expect(await ids()).toEqual(accepted)
    expect(accepted.length).toBeLessThan(40)
    raw.pragma('max_page_count = 1000')
    await insert(100)
    expect(await ids()).toContain(100)
  })

  test('isolates a transaction from other connections', async () => {
    let seen: Promise<number[]> | undefined
    let beside: Promise<unknown> | undefined
    const undone = database.transaction().execute(async (transaction) => {
      await transaction.insertInto('things').values({ id: 1, content: '' }).execute()
      beside = insert(2)
      seen = ids()
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await beside
    expect(await seen).not.toContain(1)
    expect(await ids()).toEqual([2])
  })
})
