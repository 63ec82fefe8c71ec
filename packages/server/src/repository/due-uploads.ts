import type { Kysely } from 'kysely'
import { isCompleting, isDone, isOpen } from './row-conditions.js'
import type { Tables } from './tables.js'
import type { UploadRow } from './upload-row.js'

/** Queries for uploads of all owners, for the sweeper and the operator. */
export class DueUploads {
  readonly #tables: Kysely<Tables>

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables
  }

  /** Open multipart uploads updated since `since`, ordered by id, after `afterId`. */
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

  /** Open uploads that have expired. */
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

  /** Uploads finished by `time` with no pending delivery to `onDone`. */
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

  /** Open uploads of all owners, oldest first. */
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

  /** Ended uploads whose data the store may still hold. */
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
