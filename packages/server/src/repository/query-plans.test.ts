import {
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  RawNode,
  SelectQueryNode,
  sql,
  UpdateQueryNode,
} from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabases } from '../testing/test-databases.js'
import type { Database } from './database.js'
import { UploadRepository } from './upload-repository.js'

const rows = 100_000
const recent = rows - 1_000
const read = { id: 'id-1', owner: 'owner-1', identity: '1:5:1', size: 5 }

/** Prefixes queries with "explain", so that the database returns their plans. */
class Explaining implements KyselyPlugin {
  readonly plans: string[] = []
  readonly #options: string | undefined

  /** @param options what follows "explain" for this database */
  constructor(options: string | undefined) {
    this.#options = options
  }

  transformQuery({ node }: PluginTransformQueryArgs) {
    if (!SelectQueryNode.is(node) && !UpdateQueryNode.is(node)) return node
    const options = this.#options === undefined ? {} : { options: RawNode.createWithSql(this.#options) }
    return { ...node, explain: { kind: 'ExplainNode' as const, ...options } }
  }

  async transformResult({ result }: PluginTransformResultArgs) {
    for (const row of result.rows) this.plans.push(Object.values(row).join(' '))
    return result
  }
}

describe.each(testDatabases)('with a hundred thousand uploads %s', (name, make) => {
  let ground: TestDatabase
  let database: Database
  beforeAll(async () => {
    ground = await make()
    database = ground.connect()
    await database.migrate()
    // Of each fifty, one is open, one completing, one cancelled and one not delivered; they belong to a hundred owners
    // and addresses.
    await sql`insert into uploads
      (id, owner, address, identity, name, size, type, key, upload_id, mode, part_size, part_count, state, created_at,
        updated_at, expires_at, finished_at, delivery_at, cleanup_at)
      with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${sql.lit(rows)})
      select 'id-' || n, 'owner-' || n % 100, 'address-' || n % 100, '1:5:' || n, 'a.bin', 5, '', 'uploads/' || n,
        'u', 'multipart', 1048576, 1,
        case n % 50 when 0 then 'open' when 1 then 'completing' when 2 then 'cancelled' else 'done' end, n, n, n, n,
        case n % 50 when 3 then n end, case n % 50 when 2 then n end
      from numbers`.execute(database.tables)
    // PostgreSQL analyzes by itself after a while, SQLite never does.
    if (name !== 'SQLite') await sql`analyze`.execute(database.tables)
  }, 60_000)
  afterAll(async () => {
    await database.close()
    await ground.remove()
  })

  /** The database's plan for the query, one line per step. */
  async function planOf(ask: (repository: UploadRepository) => Promise<unknown>): Promise<readonly string[]> {
    const explaining = new Explaining(name === 'SQLite' ? 'query plan' : undefined)
    // The result is a plan instead of an upload, so the repository may fail on it.
    await ask(new UploadRepository(database.tables.withPlugin(explaining))).catch(() => undefined)
    expect(explaining.plans).not.toEqual([])
    return explaining.plans
  }

  const readsAll = (plan: readonly string[]) =>
    plan.filter((step) => /Seq Scan|SCAN (?:uploads|other)$/u.test(step))
  const sorts = (plan: readonly string[]) => plan.filter((step) => /\bSort\b|TEMP B-TREE/u.test(step))

  test.each([
    ['open ones of all owners', null, 'open', undefined],
    ['finished ones of all owners', null, 'done', undefined],
    ['a later page of open ones', null, 'open', { createdAt: recent, id: 'id-1' }],
    ['a later page of finished ones', null, 'done', { createdAt: recent, id: 'id-1' }],
    ['one owner, finished', 'owner-1', 'done', undefined],
    ['one owner, a later page of finished ones', 'owner-1', 'done', { createdAt: recent, id: 'id-1' }],
  ] as const)('lists by an index that is in order: %s', async (_what, owner, state, after) => {
    const plan = await planOf((repository) => repository.list(owner, state, 51, after))
    expect(readsAll(plan)).toEqual([])
    expect(sorts(plan)).toEqual([])
  })

  test.each<readonly [query: string, ask: (all: UploadRepository) => Promise<unknown>]>([
    ['findOpenAmong', (all) => all.findOpenAmong('owner-1', ['1:5:1', '1:5:2'])],
    ['findDone', (all) => all.findDone('owner-1', ['1:5:1', '1:5:2'], 5, 9)],
    ['usage.ofOwner', (all) => all.usage.ofOwner('owner-1')],
    ['usage.ofAddress', (all) => all.usage.ofAddress('address-1')],
    ['due.openSince', (all) => all.due.openSince(recent, 50, 'id-1')],
    ['replaceFile', (all) => all.replaceFile(read, { identity: '1:5:2', size: 5 })],
    ['transition', (all) => all.transition({ id: 'id-1' }, ['open'], { state: 'done' })],
    ['findByKeys', (all) => all.findByKeys(['uploads/1', 'uploads/2'])],
  ])('reads a few rows by an index: %s', async (_what, ask) => {
    const plan = await planOf(ask)
    // Reading all uploads of an owner is not cheap: an owner may be a whole application.
    expect([
      ...readsAll(plan),
      ...plan.filter((step) => step.endsWith('uploads_of_owner (owner=?)')),
    ]).toEqual([])
  })

  test.each<readonly [query: string, ask: (all: UploadRepository) => Promise<unknown>]>([
    ['expired', (all) => all.due.expired(rows / 2, 50)],
    ['doneBefore', (all) => all.due.doneBefore(recent, 50)],
    ['unfinished', (all) => all.due.unfinished(50)],
    ['completing', (all) => all.due.completing(50)],
    ['toCleanUp', (all) => all.due.toCleanUp(rows, 50)],
    ['deliveries.due', (all) => all.deliveries.due(rows, 50)],
  ])('finds the next ones of all owners by an index that is in order: %s', async (_what, ask) => {
    const plan = await planOf(ask)
    expect(readsAll(plan)).toEqual([])
    expect(sorts(plan)).toEqual([])
  })
})
