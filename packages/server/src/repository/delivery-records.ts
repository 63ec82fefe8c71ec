import type { Kysely } from 'kysely'
import type { Tables } from './tables.js'
import type { UploadRow } from './upload-row.js'

/** Finished uploads that `onDone` has yet to be called for. */
export class DeliveryRecords {
  readonly #tables: Kysely<Tables>

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables
  }

  /** Finished uploads whose `onDone` is due. */
  async due(now: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('deliveryAt', '<=', now)
      .orderBy('deliveryAt')
      .limit(limit)
      .execute()
  }

  /**
   * Claims the delivery that is due at `deliveryAt`, and sets the time `again` at which it is due if this attempt fails.
   * Of several servers that try at once one gets the row; the others get `undefined`.
   */
  async claim(
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

  /** Drops a pending delivery; `false` if there is none. */
  async forget(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('uploads')
      .set({ deliveryAt: null })
      .where('id', '=', id)
      .where('deliveryAt', 'is not', null)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }
}
