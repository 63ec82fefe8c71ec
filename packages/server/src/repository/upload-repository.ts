import type { RegisteredState } from '@carryon/protocol'
import { type Kysely, sql } from 'kysely'
import { DeliveryRecords } from './delivery-records.js'
import { DueUploads } from './due-uploads.js'
import { type InsertBounds, insertWithin } from './insert-within.js'
import { type Changes, type ReadRow, replaceFile } from './replace-file.js'
import { isDone, isOpen } from './row-conditions.js'
import type { Tables } from './tables.js'
import type { UploadRow } from './upload-row.js'
import { UploadUsage } from './upload-usage.js'

/** A row to change, and the fingerprint and size that it is expected to have, where they matter. */
type ExpectedRow = Pick<UploadRow, 'id'> & Partial<Pick<UploadRow, 'identity' | 'size'>>

/** What tells whether a multipart upload under this key is still needed. */
export type UploadOfKey = Pick<UploadRow, 'key' | 'uploadId' | 'state'>

/** Where a page of the list begins: after this row. */
export interface ListPosition {
  /** Unix milliseconds. */
  readonly createdAt: number
  /** Of the upload. */
  readonly id: string
}

/** Reads and changes the upload records: nothing else touches the table. */
export class UploadRepository {
  readonly usage: UploadUsage
  readonly due: DueUploads
  readonly deliveries: DeliveryRecords
  readonly #tables: Kysely<Tables>

  constructor(tables: Kysely<Tables>) {
    this.usage = new UploadUsage(tables)
    this.due = new DueUploads(tables)
    this.deliveries = new DeliveryRecords(tables)
    this.#tables = tables
  }

  /** `undefined` when this owner already has an open upload of that fingerprint. */
  async insert(row: UploadRow): Promise<UploadRow | undefined> {
    return this.#tables
      .insertInto('uploads')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
  }

  /**
   * The same, where its owner stays within `bounds`, however many servers insert at once. `undefined` also when that is
   * not so.
   */
  async insertWithin(row: UploadRow, bounds: InsertBounds): Promise<UploadRow | undefined> {
    return insertWithin(this.#tables, row, bounds)
  }

  /** Of these fingerprints; at most one of each. */
  async findOpenAmong(owner: string, identities: readonly string[]): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('owner', '=', owner)
      .where('identity', 'in', identities)
      .where(isOpen)
      .execute()
  }

  /** Finished ones of these fingerprints, newest first. */
  async findDone(
    owner: string,
    identities: readonly string[],
    size: number,
    limit: number,
  ): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('owner', '=', owner)
      .where('identity', 'in', identities)
      .where('size', '=', size)
      .where(isDone)
      .orderBy('finishedAt', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  }

  async find(owner: string, id: string): Promise<UploadRow | undefined> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst()
  }

  async get(id: string): Promise<UploadRow | undefined> {
    return this.#tables.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst()
  }

  /**
   * Changes the row only while it is in one of the states `from` and of the fingerprint and size that are given;
   * `undefined` when it is not.
   */
  async transition(
    { id, identity, size }: ExpectedRow,
    from: readonly RegisteredState[],
    changes: Changes,
  ): Promise<UploadRow | undefined> {
    let update = this.#tables
      .updateTable('uploads')
      .set(changes)
      .where('id', '=', id)
      .where('state', 'in', from)
    if (identity !== undefined) update = update.where('identity', '=', identity)
    if (size !== undefined) update = update.where('size', '=', size)
    return update.returningAll().executeTakeFirst()
  }

  /**
   * Makes an open upload that of another file: another fingerprint, and what goes with it. `undefined` when it is not
   * open any more or not as it was read, or another open upload of its owner has that fingerprint.
   */
  async replaceFile(
    row: ReadRow,
    changes: Changes & Pick<UploadRow, 'identity'>,
  ): Promise<UploadRow | undefined> {
    return replaceFile(this.#tables, row, changes)
  }

  /**
   * Sets the store's upload id of an open row, only while it still is `from`: of several servers that started a
   * multipart upload for one row, one wins; the others get `undefined` and abort theirs.
   */
  async setUploadId(
    id: string,
    from: string | null,
    to: string,
    times: Pick<UploadRow, 'updatedAt' | 'expiresAt'>,
  ): Promise<UploadRow | undefined> {
    return this.#tables
      .updateTable('uploads')
      .set({ uploadId: to, ...times })
      .where('id', '=', id)
      .where('state', '=', 'open')
      .where('uploadId', from === null ? 'is' : '=', from)
      .returningAll()
      .executeTakeFirst()
  }

  async setCleanup(id: string, cleanupAt: number | null): Promise<void> {
    await this.#tables.updateTable('uploads').set({ cleanupAt }).where('id', '=', id).execute()
  }

  /**
   * Newest first.
   *
   * @param owner `null`: of all
   * @param state `open` includes those that are being completed
   */
  async list(
    owner: string | null,
    state: 'open' | 'done',
    limit: number,
    after?: ListPosition,
  ): Promise<UploadRow[]> {
    let query = this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where(state === 'open' ? isOpen : isDone)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
    if (owner !== null) query = query.where('owner', '=', owner)
    if (after !== undefined) {
      // Of two columns together, so that a late page costs no more than the first.
      query = query.where(sql<boolean>`(created_at, id) < (${after.createdAt}, ${after.id})`)
    }
    return query.execute()
  }

  /** The uploads, in whatever state, that have these keys. */
  async findByKeys(keys: readonly string[]): Promise<UploadOfKey[]> {
    if (keys.length === 0) return []
    return this.#tables
      .selectFrom('uploads')
      .select(['key', 'uploadId', 'state'])
      .where('key', 'in', keys)
      .execute()
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.#tables.selectFrom('uploads').select('id').limit(1).execute()
  }
}
