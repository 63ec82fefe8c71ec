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

/** A row to change, with the fingerprint and size that it must still have, where given. */
type ExpectedRow = Pick<UploadRow, 'id'> & Partial<Pick<UploadRow, 'identity' | 'size'>>

/** The columns that tell whether a multipart upload under this key is still needed. */
export type UploadOfKey = Pick<UploadRow, 'key' | 'uploadId' | 'state'>

/** The row that a page of the list starts after. */
export interface ListPosition {
  /** Unix milliseconds. */
  readonly createdAt: number
  /** Id of the upload. */
  readonly id: string
}

/** Reads and changes the upload records; all access to the table goes through it. */
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

  /** Like `insert`, but only if the owner stays within `bounds`, however many servers insert at once; otherwise `undefined`. */
  async insertWithin(row: UploadRow, bounds: InsertBounds): Promise<UploadRow | undefined> {
    return insertWithin(this.#tables, row, bounds)
  }

  /** Open uploads with these fingerprints; at most one of each. */
  async findOpenAmong(owner: string, identities: readonly string[]): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('owner', '=', owner)
      .where('identity', 'in', identities)
      .where(isOpen)
      .execute()
  }

  /** Finished uploads with these fingerprints, newest first. */
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
   * Changes the row only while it is in one of the states `from` and has the given fingerprint and size; otherwise
   * returns `undefined`.
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
   * Turns an open upload into one of another file, with another fingerprint. `undefined` if it is no longer open, was
   * changed since it was read, or the owner has another open upload with that fingerprint.
   */
  async replaceFile(
    row: ReadRow,
    changes: Changes & Pick<UploadRow, 'identity'>,
  ): Promise<UploadRow | undefined> {
    return replaceFile(this.#tables, row, changes)
  }

  /**
   * Sets the store's upload id of an open row, if it still is `from`. Of several servers that started a multipart upload
   * for one row, one wins; the others get `undefined` and abort theirs.
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
   * Lists uploads, newest first.
   *
   * @param owner `null`: all owners
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
      // Compares both columns as one row value, so that a late page costs no more than the first.
      query = query.where(sql<boolean>`(created_at, id) < (${after.createdAt}, ${after.id})`)
    }
    return query.execute()
  }

  /** The uploads, in all states, that have these keys. */
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
