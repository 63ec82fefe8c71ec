import type { RegisteredState } from '@carryon/protocol'
import { type Kysely, sql } from 'kysely'
import { type InsertBounds, insertWithin } from './insert-within.js'
import { type Changes, type ReadRow, replaceFile } from './replace-file.js'
import type { Tables } from './tables.js'
import { openStates, type UploadRow } from './upload-row.js'

/** Open uploads, and the bytes that they were opened for. */
export interface OpenUsage {
  readonly open: number
  readonly bytes: number
}

/** A row to change, and the fingerprint and size that it is expected to have, where they matter. */
type ExpectedRow = Pick<UploadRow, 'id'> & Partial<Pick<UploadRow, 'identity' | 'size'>>

/** What tells whether a multipart upload under this key is still needed. */
export type UploadOfKey = Pick<UploadRow, 'key' | 'uploadId' | 'state'>

/** Where a page of the list begins: after this row. */
export interface ListPosition {
  readonly createdAt: number
  readonly id: string
}

/** Reads and changes the upload records: nothing else touches the table. */
export class UploadRepository {
  readonly #tables: Kysely<Tables>

  constructor(tables: Kysely<Tables>) {
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
      .where('state', 'in', openStates)
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
      .where('state', '=', 'done')
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

  /** Newest first. @param owner `null`: of all */
  async list(
    owner: string | null,
    states: readonly RegisteredState[],
    limit: number,
    after?: ListPosition,
  ): Promise<UploadRow[]> {
    let query = this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', 'in', states)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
    if (owner !== null) query = query.where('owner', '=', owner)
    if (after !== undefined) {
      query = query.where((where) =>
        where.or([
          where('createdAt', '<', after.createdAt),
          where.and([where('createdAt', '=', after.createdAt), where('id', '<', after.id)]),
        ]),
      )
    }
    return query.execute()
  }

  async usageOfOwner(owner: string): Promise<OpenUsage> {
    return this.#usageWhere('owner', owner)
  }

  async usageOfAddress(address: string): Promise<OpenUsage> {
    return this.#usageWhere('address', address)
  }

  async #usageWhere(column: 'owner' | 'address', value: string): Promise<OpenUsage> {
    const { open, bytes } = await this.#tables
      .selectFrom('uploads')
      .select(({ fn }) => [fn.countAll().as('open'), fn.sum('size').as('bytes')])
      .where(column, '=', value)
      .where('state', 'in', openStates)
      .executeTakeFirstOrThrow()
    // The sum of none is null, and PostgreSQL's of many is text.
    return { open: Number(open), bytes: Number(bytes) }
  }

  /** Open multipart uploads that were updated since then, in order of their ids, after that one. */
  async findOpenSince(since: number, limit: number, afterId: string): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', '=', 'open')
      .where('uploadId', 'is not', null)
      .where('updatedAt', '>=', since)
      .where('id', '>', afterId)
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  /** Open ones that have expired. */
  async findExpired(now: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', '=', 'open')
      .where('expiresAt', '<=', now)
      .orderBy('expiresAt')
      .limit(limit)
      .execute()
  }

  /** Finished ones that were finished by then, and that `onDone` has heard of. */
  async findDoneBefore(time: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', '=', 'done')
      .where('finishedAt', '<=', time)
      .where('deliveryAt', 'is', null)
      .orderBy('finishedAt')
      .limit(limit)
      .execute()
  }

  /** Open ones of every owner, oldest first. */
  async findUnfinished(limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', 'in', openStates)
      .orderBy('createdAt')
      .limit(limit)
      .execute()
  }

  async findCompleting(limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', '=', 'completing')
      .orderBy('updatedAt')
      .limit(limit)
      .execute()
  }

  /** Ended ones of which the store may still hold something. */
  async findToCleanUp(now: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('cleanupAt', '<=', now)
      .orderBy('cleanupAt')
      .limit(limit)
      .execute()
  }

  /** Finished ones whose `onDone` is due. */
  async findToDeliver(now: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('deliveryAt', '<=', now)
      .orderBy('deliveryAt')
      .limit(limit)
      .execute()
  }

  /**
   * Takes the delivery that is due at `deliveryAt`, and says when it is due again should nothing come of it. Of several
   * servers that try at once one gets it; the others get `undefined`.
   */
  async claimDelivery(
    { id, deliveryAt }: Pick<UploadRow, 'id' | 'deliveryAt'>,
    again: number,
  ): Promise<UploadRow | undefined> {
    return this.#tables
      .updateTable('uploads')
      .set(({ eb }) => ({ deliveryAt: again, deliveryAttempts: eb('deliveryAttempts', '+', 1) }))
      .where('id', '=', id)
      .where('state', '=', 'done')
      .where('deliveryAt', '=', deliveryAt)
      .returningAll()
      .executeTakeFirst()
  }

  /** Takes a delivery back that is not done yet; `false` when there is none. */
  async forgetDelivery(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('uploads')
      .set({ deliveryAt: null })
      .where('id', '=', id)
      .where('deliveryAt', 'is not', null)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  /** Bytes of an owner's uploads, unfinished and finished. */
  async bytesOfOwner(owner: string): Promise<{ readonly open: number; readonly done: number }> {
    // One statement: between two an upload could leave the one group and be missed in the other.
    const { rows } = await sql<{ open: number | string | null; done: number | string | null }>`select
      (select sum(size) from uploads where owner = ${owner} and state in ('open', 'completing')) as open,
      (select sum(size) from uploads where owner = ${owner} and state = 'done') as done`.execute(this.#tables)
    return { open: Number(rows[0]?.open), done: Number(rows[0]?.done) }
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
