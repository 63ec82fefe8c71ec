import { type ColumnDefinitionBuilder, type Kysely, type Migration, Migrator, sql } from 'kysely'
import type { Tables } from './tables.js'

/**
 * Every statement must be repeatable: where the database cannot roll back a schema change, an interrupted migration is
 * run again from the start.
 */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-uploads': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('uploads')
        .ifNotExists()
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('owner', 'text', (column) => column.notNull())
        .addColumn('identity', 'text', (column) => column.notNull())
        .addColumn('md5', 'text')
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('size', 'bigint', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull().unique())
        .addColumn('upload_id', 'text')
        .addColumn('mode', 'text', (column) => column.notNull())
        .addColumn('part_size', 'bigint', (column) => column.notNull())
        .addColumn('part_count', 'integer', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('failure', 'text')
        .addColumn('claimed_crc64', 'text')
        .addColumn('claimed_etags', 'text')
        .addColumn('cleanup_at', 'bigint')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('finished_at', 'bigint')
        .addColumn('url', 'text')
        .addColumn('crc64', 'text')
        .addColumn('etag', 'text')
        .execute()
      await database.schema
        .createIndex('uploads_one_open')
        .ifNotExists()
        .unique()
        .on('uploads')
        .columns(['owner', 'identity'])
        .where(sql<boolean>`state in ('open', 'completing')`)
        .execute()
      await database.schema
        .createIndex('uploads_of_owner')
        .ifNotExists()
        .on('uploads')
        .columns(['owner', 'created_at', 'id'])
        .execute()
      await database.schema
        .createIndex('uploads_to_expire')
        .ifNotExists()
        .on('uploads')
        .columns(['state', 'expires_at'])
        .where(sql<boolean>`state in ('open', 'completing')`)
        .execute()
      await database.schema
        .createIndex('uploads_to_clean')
        .ifNotExists()
        .on('uploads')
        .column('cleanup_at')
        .where(sql<boolean>`cleanup_at is not null`)
        .execute()
      await database.schema
        .createTable('secrets')
        .ifNotExists()
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('value', 'text', (column) => column.notNull())
        .execute()
    },
  },
  '0002-done-of-identity': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createIndex('uploads_done_of_identity')
        .ifNotExists()
        .on('uploads')
        .columns(['owner', 'identity', 'finished_at', 'id'])
        .where(sql<boolean>`state = 'done'`)
        .execute()
    },
  },
  '0003-crc64-type': {
    async up(database: Kysely<unknown>) {
      // Earlier versions had only this type: checksums of another type were ignored.
      await addColumn(database, 'crc64_type', 'text', (column) => column.notNull().defaultTo('crc64ecma'))
    },
  },
  '0004-part-tail': {
    async up(database: Kysely<unknown>) {
      await addColumn(database, 'tail_after', 'integer')
      await addColumn(database, 'tail_part_size', 'bigint')
    },
  },
  '0005-part-runs': {
    async up(database: Kysely<unknown>) {
      await addColumn(database, 'grows', 'integer', (column) => column.notNull().defaultTo(0))
      await addColumn(database, 'part_runs', 'text')
      await convertTails(database)
      for (const name of tailColumns) await dropColumn(database, name)
    },
  },
  '0006-open-of-address': {
    async up(database: Kysely<unknown>) {
      await addColumn(database, 'address', 'text')
      await database.schema
        .createIndex('uploads_open_of_address')
        .ifNotExists()
        .on('uploads')
        .column('address')
        .where(sql<boolean>`state in ('open', 'completing')`)
        .execute()
    },
  },
  '0007-hooks': {
    async up(database: Kysely<unknown>) {
      for (const name of ['metadata', 'context', 'object_headers', 'result', 'refusal']) {
        await addColumn(database, name, 'text')
      }
      await addColumn(database, 'delivery_at', 'bigint')
      await addColumn(database, 'delivery_attempts', 'integer', (column) => column.notNull().defaultTo(0))
      await database.schema
        .createIndex('uploads_to_deliver')
        .ifNotExists()
        .on('uploads')
        .column('delivery_at')
        .where(sql<boolean>`delivery_at is not null`)
        .execute()
      // Both indexes contain all columns of the sum: an owner may have very many uploads, and each open computes it.
      await database.schema
        .createIndex('uploads_bytes_open')
        .ifNotExists()
        .on('uploads')
        .columns(['owner', 'size'])
        .where(sql<boolean>`state in ('open', 'completing')`)
        .execute()
      await database.schema
        .createIndex('uploads_bytes_done')
        .ifNotExists()
        .on('uploads')
        .columns(['owner', 'size'])
        .where(sql<boolean>`state = 'done'`)
        .execute()
    },
  },
  '0008-receipts': {
    async up(database: Kysely<unknown>) {
      await addColumn(database, 'resumed_bytes', 'bigint')
      await addColumn(database, 'sent_again_bytes', 'bigint', (column) => column.notNull().defaultTo(0))
      await addColumn(database, 'found_parts', 'text')
    },
  },
  '0009-retention': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createIndex('uploads_finished')
        .ifNotExists()
        .on('uploads')
        .column('finished_at')
        .where(sql<boolean>`state = 'done'`)
        .execute()
    },
  },
  '0010-lists-of-all-owners': {
    async up(database: Kysely<unknown>) {
      const open = sql<boolean>`state in ('open', 'completing')`
      const done = sql<boolean>`state = 'done'`
      for (const [name, condition] of [
        ['uploads_open_newest', open],
        ['uploads_done_newest', done],
      ] as const) {
        await database.schema
          .createIndex(name)
          .ifNotExists()
          .on('uploads')
          .columns(['created_at', 'id'])
          .where(condition)
          .execute()
      }
      // With the state as first column, SQLite would use it for lists of open uploads as well, and then sort all of them.
      await database.schema.dropIndex('uploads_to_expire').ifExists().execute()
      await database.schema
        .createIndex('uploads_open_expiry')
        .ifNotExists()
        .on('uploads')
        .column('expires_at')
        .where(open)
        .execute()
      await database.schema
        .createIndex('uploads_completing')
        .ifNotExists()
        .on('uploads')
        .column('updated_at')
        .where(sql<boolean>`state = 'completing'`)
        .execute()
    },
  },
}

const tailColumns = ['tail_after', 'tail_part_size'] as const

/**
 * Converts uploads that were finished with larger parts after the first ones, so that they can still be compared part by
 * part.
 */
async function convertTails(database: Kysely<unknown>): Promise<void> {
  // A run that was interrupted between dropping the columns has converted them already.
  for (const name of tailColumns) if (!(await hasColumn(database, 'uploads', name))) return
  await sql`update uploads set part_runs =
    '[{"after":0,"partSize":' || part_size || '},{"after":' || tail_after || ',"partSize":' || tail_part_size || '}]'
    where part_runs is null and tail_after is not null and tail_part_size is not null`.execute(database)
}

/** Adds a column to `uploads` unless it exists. */
async function addColumn(
  database: Kysely<unknown>,
  name: string,
  type: 'text' | 'integer' | 'bigint',
  define = (column: ColumnDefinitionBuilder) => column,
): Promise<void> {
  // PostgreSQL supports "if not exists", and its introspection lists columns of all schemas; SQLite lacks it but has only
  // one schema.
  const supportsIfNotExists = database.getExecutor().adapter.supportsTransactionalDdl
  if (!supportsIfNotExists && (await hasColumn(database, 'uploads', name))) return
  await database.schema
    .alterTable('uploads')
    .addColumn(name, type, (column) => define(supportsIfNotExists ? column.ifNotExists() : column))
    .execute()
}

/** Drops a column of `uploads` if it exists. */
async function dropColumn(database: Kysely<unknown>, name: string): Promise<void> {
  if (await hasColumn(database, 'uploads', name)) {
    await database.schema.alterTable('uploads').dropColumn(name).execute()
  }
}

async function hasColumn(database: Kysely<unknown>, table: string, column: string): Promise<boolean> {
  const tables = await database.introspection.getTables()
  const columns = tables.find(({ name }) => name === table)?.columns ?? []
  return columns.some(({ name }) => name === column)
}

/**
 * Brings the schema up to date, or to the version named `last`. Several processes may call it at once: the database lets
 * them run one after another.
 */
export async function migrate(database: Kysely<Tables>, last?: string): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 'carryon_migration',
    migrationLockTableName: 'carryon_migration_lock',
  })
  const { error } = await (last === undefined ? migrator.migrateToLatest() : migrator.migrateTo(last))
  if (error !== undefined) {
    throw error instanceof Error ? error : new Error('the database could not be migrated', { cause: error })
  }
}
