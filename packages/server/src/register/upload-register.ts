import type { RegisteredState } from '@carryon/protocol'
import type { Kysely } from 'kysely'
import { type Changes, type ReadRow, redeclare } from './redeclare.js'
import type { Tables } from './tables.js'
import { openStates, type UploadRow } from './upload-row.js'

/** Open uploads, and the bytes that they were opened for. */
export interface OpenUse {
  readonly open: number
  readonly bytes: number
}

/** A row, and as far as it is given what was judged of it: a row that has become another since is left alone. */
type JudgedRow = Pick<UploadRow, 'id'> & Partial<Pick<UploadRow, 'identity' | 'size'>>

/** Of an upload, what a multipart upload under its key is judged by. */
export type FragmentRow = Pick<UploadRow, 'key' | 'uploadId' | 'state'>

/** Where a page of the list begins: after this row. */
export interface ListPosition {
  readonly createdAt: number
  readonly id: string
}

/** The uploads table and the only ways to change it. */
export class UploadRegister {
  readonly #tables: Kysely<Tables>

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables
  }

  /** `undefined` when this owner already has an open upload of that identity. */
  async insert(row: UploadRow): Promise<UploadRow | undefined> {
    return this.#tables
      .insertInto('uploads')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
  }

  /** Of these identities; at most one of each. */
  async findOpenAmong(owner: string, identities: readonly string[]): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('owner', '=', owner)
      .where('identity', 'in', identities)
      .where('state', 'in', openStates)
      .execute()
  }

  /** Finished ones of these identities, newest first. */
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
   * Changes the row only while it is in one of the states `from` and of the identity and size that are given;
   * `undefined` when it is not.
   */
  async move(
    { id, identity, size }: JudgedRow,
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
   * Gives an open row another identity, and what goes with it; `undefined` when it is not open any more or not as it was
   * read, or another open upload of its owner has that identity.
   */
  async redeclare(
    row: ReadRow,
    changes: Changes & Pick<UploadRow, 'identity'>,
  ): Promise<UploadRow | undefined> {
    return redeclare(this.#tables, row, changes)
  }

  /**
   * Sets the store's upload id of an open row, only while it still is `from`: of several servers that started a
   * multipart upload for one row, one wins; the others get `undefined` and abort theirs.
   */
  async claimUploadId(
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

  /** Newest first. */
  async list(
    owner: string,
    states: readonly RegisteredState[],
    limit: number,
    after?: ListPosition,
  ): Promise<UploadRow[]> {
    let query = this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('owner', '=', owner)
      .where('state', 'in', states)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
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

  async openOfOwner(owner: string): Promise<OpenUse> {
    return this.#openWhere('owner', owner)
  }

  async openOfAddress(address: string): Promise<OpenUse> {
    return this.#openWhere('address', address)
  }

  async #openWhere(column: 'owner' | 'address', value: string): Promise<OpenUse> {
    const { open, bytes } = await this.#tables
      .selectFrom('uploads')
      .select(({ fn }) => [fn.countAll().as('open'), fn.sum('size').as('bytes')])
      .where(column, '=', value)
      .where('state', 'in', openStates)
      .executeTakeFirstOrThrow()
    // The sum of none is null, and PostgreSQL's of many is text.
    return { open: Number(open), bytes: Number(bytes) }
  }

  /** Open multipart uploads with a sign of life since then, in order of their ids, after that one. */
  async openSince(since: number, limit: number, afterId: string): Promise<UploadRow[]> {
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

  /** Open ones whose time is over. */
  async expired(now: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', '=', 'open')
      .where('expiresAt', '<=', now)
      .orderBy('expiresAt')
      .limit(limit)
      .execute()
  }

  /** Open ones of every owner, oldest first. */
  async unfinished(limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', 'in', openStates)
      .orderBy('createdAt')
      .limit(limit)
      .execute()
  }

  async completing(limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', '=', 'completing')
      .orderBy('updatedAt')
      .limit(limit)
      .execute()
  }

  /** Ended ones of which the store may still hold something. */
  async toClean(now: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('cleanupAt', '<=', now)
      .orderBy('cleanupAt')
      .limit(limit)
      .execute()
  }

  /** The uploads, in whatever state, that have these keys. */
  async ofKeys(keys: readonly string[]): Promise<FragmentRow[]> {
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
