import type { Kysely } from 'kysely'
import { isCompleting, isDone, isOpen } from './row-conditions.js'
import type { Tables } from './tables.js'
import type { UploadRow } from './upload-row.js'

/** Uploads of all owners that the sweeper has to look at. */
export class DueUploads {
  readonly #tables: Kysely<Tables>

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables
  }

  /** Open multipart uploads that were updated since then, in order of their ids, after that one. */
  async openSince(since: number, limit: number, afterId: string): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where(isOpen)
      .where('state', '=', 'open')
      .where('uploadId', 'is not', null)
      .where('updatedAt', '>=', since)
      .where('id', '>', afterId)
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  /** Open ones that have expired. */
  async expired(now: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where(isOpen)
      .where('state', '=', 'open')
      .where('expiresAt', '<=', now)
      .orderBy('expiresAt')
      .limit(limit)
      .execute()
  }

  /** Finished ones that were finished by then, and that `onDone` has heard of. */
  async doneBefore(time: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where(isDone)
      .where('finishedAt', '<=', time)
      .where('deliveryAt', 'is', null)
      .orderBy('finishedAt')
      .limit(limit)
      .execute()
  }

  /** Open ones of every owner, oldest first. */
  async unfinished(limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where(isOpen)
      .orderBy('createdAt')
      .limit(limit)
      .execute()
  }

  async completing(limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where(isCompleting)
      .orderBy('updatedAt')
      .limit(limit)
      .execute()
  }

  /** Ended ones of which the store may still hold something. */
  async toCleanUp(now: number, limit: number): Promise<UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('cleanupAt', '<=', now)
      .orderBy('cleanupAt')
      .limit(limit)
      .execute()
  }
}
