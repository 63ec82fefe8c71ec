import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabases } from '../testing/test-databases.js'
import type { Database } from './database.js'
import { migrate } from './migrations.js'
import { UploadRepository } from './upload-repository.js'

const mebibyte = 2 ** 20

describe.each(testDatabases)('a database of an earlier version on %s', (_, make) => {
  let ground: TestDatabase
  let before: Database
  let after: Database
  beforeEach(async () => {
    ground = await make()
    before = ground.connect()
    after = ground.connect()
  })
  afterEach(async () => {
    await before.close()
    await after.close()
    await ground.remove()
  })

  /** Inserts a finished upload as version 0004 recorded it. */
  async function insertDone(id: string, tail: number | null, tailPartSize: number | null) {
    await sql`insert into uploads
      (id, owner, identity, name, size, type, key, mode, part_size, part_count, state, created_at, updated_at,
        expires_at, tail_after, tail_part_size)
      values (${id}, 'anna', '1:5:a', 'a.bin', ${100 * mebibyte}, '', ${`uploads/${id}`}, 'multipart', ${mebibyte},
        20, 'done', 1, 1, 1, ${tail}, ${tailPartSize})`.execute(before.tables)
  }
  const rowOf = (id: string) => new UploadRepository(after.tables).get(id)
  const runs = [
    { after: 0, partSize: mebibyte },
    { after: 9, partSize: 8 * mebibyte },
  ]

  test('keeps how the finished ones were cut', async () => {
    await migrate(before.tables, '0004-part-tail')
    await insertDone('larger', 9, 8 * mebibyte)
    await insertDone('even', null, null)
    await after.migrate()

    const [larger, even] = [await rowOf('larger'), await rowOf('even')]
    expect(JSON.parse(larger?.partRuns ?? '')).toEqual(runs)
    expect(even).toMatchObject({ partRuns: null, grows: 0, partSize: mebibyte, address: null })
    // Uploads finished before hooks existed are not delivered later.
    expect(even).toMatchObject({ metadata: null, context: null, deliveryAt: null, deliveryAttempts: 0 })
    expect(even).toMatchObject({ resumedBytes: null, sentAgainBytes: 0, foundParts: null })
    expect(Object.keys(larger ?? {}).filter((column) => column.startsWith('tail'))).toEqual([])
  })

  test('gets the indexes of lists of all owners, also when the first try was cut short', async () => {
    await migrate(before.tables, '0009-retention')
    await sql`drop index uploads_to_expire`.execute(before.tables)
    await after.migrate()
    for (const name of ['open_newest', 'done_newest', 'open_expiry', 'completing']) {
      await expect(sql.raw(`drop index uploads_${name}`).execute(after.tables), name).resolves.toBeDefined()
    }
  })

  test.each([
    ['before any column went', []],
    ['between the columns', ['tail_after']],
    ['after both', ['tail_after', 'tail_part_size']],
  ])('is brought up to date by a second try, when the first was cut short %s', async (_when, gone) => {
    await migrate(before.tables, '0004-part-tail')
    await insertDone('larger', 9, 8 * mebibyte)
    await migrate(before.tables, '0005-part-runs')
    for (const column of ['tail_after', 'tail_part_size']) {
      if (gone.includes(column)) continue
      await sql.raw(`alter table uploads add column ${column} bigint`).execute(before.tables)
    }
    await sql`delete from carryon_migration where name = '0005-part-runs'`.execute(before.tables)
    await after.migrate()

    const larger = await rowOf('larger')
    expect(JSON.parse(larger?.partRuns ?? '')).toEqual(runs)
    expect(Object.keys(larger ?? {}).filter((column) => column.startsWith('tail'))).toEqual([])
  })
})
