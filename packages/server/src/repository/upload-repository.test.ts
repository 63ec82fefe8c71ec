import {
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabases } from '../testing/test-databases.js'
import type { Database } from './database.js'
import { sharedSecret } from './secrets.js'
import type { Tables } from './tables.js'
import { UploadRepository } from './upload-repository.js'
import { openStates, type UploadRow } from './upload-row.js'

let next = 0
function rowOf(changes: Partial<UploadRow> = {}): UploadRow {
  next += 1
  return {
    id: `id-${next}`,
    owner: 'anna',
    address: null,
    identity: '1:5:a',
    md5: null,
    name: '空 格&<b>.bin',
    size: 48 * 2 ** 40,
    type: 'video/mp4',
    key: `uploads/${next}`,
    uploadId: null,
    mode: 'multipart',
    partSize: 8 * 2 ** 20,
    partCount: 1,
    grows: 0,
    partRuns: null,
    state: 'open',
    failure: null,
    crc64Type: 'crc64ecma',
    claimedCrc64: null,
    claimedEtags: null,
    cleanupAt: null,
    createdAt: 1_795_000_000_000,
    updatedAt: 1_795_000_000_000,
    expiresAt: 1_795_600_000_000,
    finishedAt: null,
    url: null,
    crc64: null,
    etag: null,
    metadata: null,
    context: null,
    objectHeaders: null,
    deliveryAt: null,
    deliveryAttempts: 0,
    result: null,
    refusal: null,
    resumedBytes: null,
    sentAgainBytes: 0,
    foundParts: null,
    ...changes,
  }
}

describe.each(testDatabases)('the repository on %s', (_, make) => {
  let ground: TestDatabase
  let database: Database
  let other: Database
  let repository: UploadRepository
  beforeEach(async () => {
    ground = await make()
    database = ground.connect()
    other = ground.connect()
    await database.migrate()
    repository = new UploadRepository(database.tables)
  })
  afterEach(async () => {
    await database.close()
    await other.close()
    await ground.remove()
  })
  const insert = async (changes?: Partial<UploadRow>) => {
    const row = await repository.insert(rowOf(changes))
    if (row === undefined) throw new Error('not inserted')
    return row
  }

  test('gives back what was put in, numbers as numbers', async () => {
    const row = rowOf({ crc64: '18446744073709551615' })
    expect(await repository.insert(row)).toEqual(row)
    expect(await repository.find('anna', row.id)).toEqual(row)
    expect(await repository.find('bert', row.id)).toBeUndefined()
  })

  test('migrates again without a change', async () => {
    const row = await insert()
    await other.migrate()
    expect(await new UploadRepository(other.tables).get(row.id)).toEqual(row)
  })

  test('takes the uploads of an earlier version for what they were', async () => {
    const row = await insert()
    await sql`alter table uploads drop column crc64_type`.execute(database.tables)
    await sql`delete from carryon_migration where name >= '0003'`.execute(database.tables)
    await other.migrate()
    expect(await new UploadRepository(other.tables).get(row.id)).toEqual({ ...row, crc64Type: 'crc64ecma' })
  })

  test('holds one open upload for each owner and fingerprint', async () => {
    const second = new UploadRepository(other.tables)
    const inserted = await Promise.all(
      Array.from({ length: 20 }, (_unused, index) => (index % 2 === 0 ? repository : second).insert(rowOf())),
    )
    expect(inserted.filter((row) => row !== undefined)).toHaveLength(1)
    await insert({ owner: 'bert' })
    await insert({ identity: '1:5:b' })
  })

  test('has room for another once the one before has ended', async () => {
    for (const state of ['done', 'cancelled', 'failed'] as const) {
      const row = await insert()
      expect(await repository.transition(row, openStates, { state: 'completing' })).toBeDefined()
      expect(await repository.insert(rowOf())).toBeUndefined()
      expect((await repository.findOpenAmong('anna', ['1:5:a'])).map(({ id }) => id)).toEqual([row.id])
      await repository.transition(row, openStates, { state })
      expect(await repository.findOpenAmong('anna', ['1:5:a'])).toEqual([])
    }
  })

  test('moves a row only from where it is', async () => {
    const row = await insert()
    const moves = await Promise.all([
      repository.transition(row, ['open'], { state: 'completing' }),
      new UploadRepository(other.tables).transition(row, ['open'], { state: 'cancelled' }),
    ])
    expect(moves.filter((moved) => moved !== undefined)).toHaveLength(1)
  })

  test('moves a row only as long as it is what was judged', async () => {
    const row = await insert()
    const continued = await repository.replaceFile(row, { identity: '1:6:b', size: 6 })
    expect(continued).toMatchObject({ id: row.id, identity: '1:6:b', size: 6, state: 'open' })
    expect(await repository.transition(row, openStates, { state: 'completing' })).toBeUndefined()
    expect(await repository.replaceFile(row, { identity: '1:7:c', size: 7 })).toBeUndefined()
    expect(
      await repository.transition({ ...row, size: 6 }, openStates, { state: 'completing' }),
    ).toBeUndefined()
    expect(await repository.transition({ id: row.id }, openStates, { state: 'cancelled' })).toBeDefined()
  })

  test('of several uploads that take a fingerprint at once one gets it, and the others get undefined', async () => {
    const second = new UploadRepository(other.tables)
    const rows: UploadRow[] = []
    for (let index = 0; index < 20; index += 1) rows.push(await insert({ identity: `1:5:${index}` }))
    const changes = { identity: '1:6:all', size: 6 }
    const redeclared = await Promise.all(
      rows.map((row, index) => (index % 2 === 0 ? repository : second).replaceFile(row, changes)),
    )
    expect(redeclared.filter((row) => row !== undefined)).toHaveLength(1)
  })

  test('lets one of many set the upload id', async () => {
    const row = await insert()
    const times = { updatedAt: 2, expiresAt: 3 }
    expect(await repository.setUploadId(row.id, null, 'a', times)).toMatchObject({ uploadId: 'a', ...times })
    expect(await repository.setUploadId(row.id, null, 'b', times)).toBeUndefined()
    expect(await repository.setUploadId(row.id, 'a', 'b', times)).toMatchObject({ uploadId: 'b' })
    await repository.transition(row, ['open'], { state: 'cancelled' })
    expect(await repository.setUploadId(row.id, 'b', 'c', times)).toBeUndefined()
  })

  test('lists newest first, page by page, also rows of the same moment', async () => {
    for (const createdAt of [1, 2, 2, 2, 3]) await insert({ createdAt, state: 'done' })
    await insert({ createdAt: 4 })
    const seen: UploadRow[] = []
    for (;;) {
      const page = await repository.list('anna', 'done', 2, seen.at(-1))
      if (page.length === 0) break
      seen.push(...page)
    }
    expect(seen.map(({ createdAt }) => createdAt)).toEqual([3, 2, 2, 2, 1])
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5)
  })

  test('finds the finished ones of an owner and a content, newest first', async () => {
    const done = { state: 'done', size: 5 } as const
    const first = await insert({ ...done, finishedAt: 1 })
    const second = await insert({ ...done, finishedAt: 2 })
    const third = await insert({ ...done, finishedAt: 2 })
    await insert({ ...done, finishedAt: 3, owner: 'bert' })
    await insert({ ...done, finishedAt: 3, identity: '1:5:b' })
    await insert({ ...done, finishedAt: 3, size: 6 })
    await insert({ size: 5, state: 'cancelled' })
    await insert({ size: 5 })
    const newest = [second.id, third.id].sort().reverse()
    const ids = async (limit: number) =>
      (await repository.findDone('anna', ['1:5:a'], 5, limit)).map(({ id }) => id)
    expect(await ids(9)).toEqual([...newest, first.id])
    expect(await ids(2)).toEqual(newest)
  })

  test('brings a database of an earlier version up to date and keeps what it holds', async () => {
    const row = await insert({ state: 'done', finishedAt: 1 })
    await sql`drop index uploads_done_of_identity`.execute(database.tables)
    await sql`delete from carryon_migration where name > '0001-uploads'`.execute(database.tables)
    await other.migrate()
    expect(await new UploadRepository(other.tables).findDone('anna', [row.identity], row.size, 1)).toEqual([
      row,
    ])
    await expect(sql`drop index uploads_done_of_identity`.execute(database.tables)).resolves.toBeDefined()
  })

  test('finds what the sweeper has to do', async () => {
    const expired = await insert({ identity: 'a', expiresAt: 5 })
    const completing = await insert({ identity: 'b', state: 'completing', expiresAt: 5 })
    const unclean = await insert({ identity: 'c', state: 'cancelled', cleanupAt: 5 })
    await insert({ identity: 'd', state: 'cancelled', cleanupAt: 7 })
    await insert({ identity: 'e', expiresAt: 7 })
    expect((await repository.due.expired(6, 10)).map(({ id }) => id)).toEqual([expired.id])
    expect((await repository.due.completing(10)).map(({ id }) => id)).toEqual([completing.id])
    expect((await repository.due.toCleanUp(6, 10)).map(({ id }) => id)).toEqual([unclean.id])
    await repository.setCleanup(unclean.id, null)
    expect(await repository.due.toCleanUp(6, 10)).toEqual([])
    const known = await repository.findByKeys([expired.key, unclean.key, 'unknown'])
    expect(known).toEqual([
      { key: expired.key, uploadId: null, state: 'open' },
      { key: unclean.key, uploadId: null, state: 'cancelled' },
    ])
    expect(await repository.findByKeys([])).toEqual([])
  })

  test('counts what an owner and what an address has open', async () => {
    expect(await repository.usage.ofOwner('anna')).toEqual({ open: 0, bytes: 0 })
    await insert({ identity: 'a', size: 2 ** 50, address: 'x' })
    await insert({ identity: 'b', size: 2 ** 50, address: 'x', state: 'completing' })
    await insert({ identity: 'c', size: 7, owner: 'bert', address: 'x' })
    await insert({ identity: 'd', state: 'done', address: 'x' })
    await insert({ identity: 'e', state: 'cancelled', address: 'x' })
    expect(await repository.usage.ofOwner('anna')).toEqual({ open: 2, bytes: 2 ** 51 })
    expect(await repository.usage.ofAddress('x')).toEqual({ open: 3, bytes: 2 ** 51 + 7 })
    expect(await repository.usage.ofAddress('y')).toEqual({ open: 0, bytes: 0 })
  })

  test('counts the bytes of all that an owner has open or finished', async () => {
    expect(await repository.usage.bytesOfOwner('anna')).toEqual({ open: 0, done: 0 })
    await insert({ identity: 'a', size: 2 ** 50 })
    expect(await repository.usage.bytesOfOwner('anna')).toEqual({ open: 2 ** 50, done: 0 })
    await insert({ identity: 'b', size: 5, state: 'completing' })
    await insert({ identity: 'c', size: 2 ** 51, state: 'done' })
    await insert({ identity: 'd', size: 7, state: 'cancelled' })
    await insert({ identity: 'e', size: 7, state: 'failed' })
    await insert({ identity: 'f', size: 7, owner: 'bert', state: 'done' })
    expect(await repository.usage.bytesOfOwner('anna')).toEqual({ open: 2 ** 50 + 5, done: 2 ** 51 })
  })

  test.each([
    ['open uploads', { openFiles: 5 }],
    ['bytes of open uploads', { openBytes: 500 }],
    ['bytes of all uploads', { totalBytes: 520 }],
  ])('inserts within bounds of %s, however many do so at once on two connections', async (_name, bound) => {
    await insert({ identity: 'done', size: 20, state: 'done' })
    await insert({ identity: 'theirs', size: 2 ** 50, owner: 'bert' })
    await insert({ identity: 'ended', size: 2 ** 50, state: 'cancelled' })
    const second = new UploadRepository(other.tables)
    const bounds = { openFiles: Infinity, openBytes: Infinity, totalBytes: Infinity, ...bound }
    const inserted = await Promise.all(
      Array.from({ length: 50 }, (_unused, index) =>
        (index % 2 === 0 ? repository : second).insertWithin(
          rowOf({ identity: `${index}`, size: 100 }),
          bounds,
        ),
      ),
    )
    expect(inserted.filter((row) => row !== undefined)).toHaveLength(5)
    expect(await repository.usage.ofOwner('anna')).toEqual({ open: 5, bytes: 500 })
  })

  test('inserts within bounds what an insert would, and nothing twice', async () => {
    for (const openFiles of [9, Infinity]) {
      const bounds = { openFiles, openBytes: Infinity, totalBytes: Infinity }
      const row = rowOf({ identity: String(openFiles), metadata: '{"a":"b"}', crc64: '1' })
      expect(await repository.insertWithin(row, bounds)).toEqual(row)
      expect(await repository.insertWithin({ ...row, id: 'x', key: 'x' }, bounds)).toBeUndefined()
    }
  })

  test('hands each delivery that is due to one of many, as often as it falls due', async () => {
    const second = new UploadRepository(other.tables)
    const due = await insert({ identity: 'a', state: 'done', deliveryAt: 5 })
    await insert({ identity: 'b', state: 'done', deliveryAt: 7 })
    await insert({ identity: 'c', state: 'done' })
    const refused = await insert({ identity: 'd', state: 'failed', deliveryAt: null })
    expect((await repository.deliveries.due(6, 10)).map(({ id }) => id)).toEqual([due.id])
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_unused, index) =>
        (index % 2 === 0 ? repository : second).deliveries.claim(due, 9),
      ),
    )
    const [claimed, ...more] = claims.filter((row) => row !== undefined)
    expect(claimed).toMatchObject({ id: due.id, deliveryAt: 9, deliveryAttempts: 1 })
    expect(more).toEqual([])
    expect(await repository.deliveries.due(6, 10)).toEqual([])
    expect(await repository.deliveries.claim({ id: due.id, deliveryAt: 9 }, 12)).toMatchObject({
      deliveryAttempts: 2,
    })
    expect(await repository.deliveries.claim({ id: refused.id, deliveryAt: null }, 12)).toBeUndefined()
  })

  test('lists open multipart uploads by their last update', async () => {
    const ids = [
      await insert({ identity: 'a', uploadId: 'u', updatedAt: 5 }),
      await insert({ identity: 'b', uploadId: 'u', updatedAt: 6 }),
    ].map(({ id }) => id)
    await insert({ identity: 'c', uploadId: 'u', updatedAt: 4 })
    await insert({ identity: 'd', updatedAt: 6 })
    await insert({ identity: 'e', uploadId: 'u', updatedAt: 6, state: 'completing' })
    const [first = '', second = ''] = ids.sort()
    const listed = async (limit: number, after: string) =>
      (await repository.due.openSince(5, limit, after)).map(({ id }) => id)
    expect(await listed(1, '')).toEqual([first])
    expect(await listed(9, first)).toEqual([second])
  })

  test('makes a secret once, for all', async () => {
    const secrets = await Promise.all([
      sharedSecret(database.tables, 'x'),
      sharedSecret(other.tables, 'x'),
      sharedSecret(database.tables, 'x'),
    ])
    expect(new Set(secrets).size).toBe(1)
    expect(atob(secrets[0])).toHaveLength(32)
    expect(await sharedSecret(other.tables, 'y')).not.toBe(secrets[0])
  })
})

/** A database that answers each statement with that error. */
function failingWith(error: Error): Kysely<Tables> {
  class Failing extends DummyDriver {
    override async acquireConnection(): Promise<DatabaseConnection> {
      return {
        executeQuery: () => Promise.reject(error),
        streamQuery: () => {
          throw error
        },
      }
    }
  }
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new Failing(),
      createIntrospector: (tables) => new PostgresIntrospector(tables),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}

test('two that take one fingerprint at the same moment: PostgreSQL refuses the second, which gets undefined', async () => {
  const refusal = Object.assign(
    new Error('duplicate key value violates unique constraint "uploads_one_open"'),
    {
      code: '23505',
    },
  )
  const replaceFile = (error: Error) =>
    new UploadRepository(failingWith(error)).replaceFile(rowOf(), { identity: '1:6:b', size: 6 })
  expect(await replaceFile(refusal)).toBeUndefined()
  await expect(replaceFile(new Error('the connection broke'))).rejects.toThrow('the connection broke')
})
