import { type Kysely, sql } from 'kysely'
import { isDone, isOpen } from './row-conditions.js'
import type { Tables } from './tables.js'

/** Number and total bytes of open uploads. */
export interface OpenUsage {
  readonly open: number
  readonly bytes: number
}

/** Queries for what an owner, or an address, uses. */
export class UploadUsage {
  readonly #tables: Kysely<Tables>

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables
  }

  async ofOwner(owner: string): Promise<OpenUsage> {
    return this.#where('owner', owner)
  }

  async ofAddress(address: string): Promise<OpenUsage> {
    return this.#where('address', address)
  }

  /** Total bytes of an owner's uploads, unfinished and finished. */
  async bytesOfOwner(owner: string): Promise<{ readonly open: number; readonly done: number }> {
    // One statement: between two, an upload could become finished and be missed in both sums.
    const { rows } = await sql<{ open: number | string | null; done: number | string | null }>`select
      (select sum(size) from uploads where owner = ${owner} and ${isOpen}) as open,
      (select sum(size) from uploads where owner = ${owner} and ${isDone}) as done`.execute(this.#tables)
    return { open: Number(rows[0]?.open), done: Number(rows[0]?.done) }
  }

  async #where(column: 'owner' | 'address', value: string): Promise<OpenUsage> {
    const { open, bytes } = await this.#tables
      .selectFrom('uploads')
      .select(({ fn }) => [fn.countAll().as('open'), fn.sum('size').as('bytes')])
      .where(column, '=', value)
      .where(isOpen)
      .executeTakeFirstOrThrow()
    // The sum of no rows is null, and PostgreSQL returns sums as text.
    return { open: Number(open), bytes: Number(bytes) }
  }
}
