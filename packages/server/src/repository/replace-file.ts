import type { Kysely, Updateable } from 'kysely'
import { isOpen } from './row-conditions.js'
import type { Tables } from './tables.js'
import type { UploadRow } from './upload-row.js'

/** Columns of a row that may be changed; its fingerprint only by {@link replaceFile}. */
export type Changes = Omit<Updateable<UploadRow>, 'id' | 'owner' | 'identity' | 'key'>

/** A row's identifying columns as they were read. */
export type ReadRow = Pick<UploadRow, 'id' | 'owner' | 'identity' | 'size'>

/** Error code of a unique constraint violation (PostgreSQL, "PostgreSQL Error Codes"). */
const uniqueViolation = '23505'

/** See `UploadRepository.replaceFile`. */
export async function replaceFile(
  tables: Kysely<Tables>,
  { id, owner, identity, size }: ReadRow,
  changes: Changes & Pick<UploadRow, 'identity'>,
): Promise<UploadRow | undefined> {
  const update = tables
    .updateTable('uploads')
    .set(changes)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('identity', '=', identity)
    .where('size', '=', size)
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('uploads as other')
            .select('other.id')
            .where('other.owner', '=', owner)
            .where('other.identity', '=', changes.identity)
            .where(isOpen),
        ),
      ),
    )
    .returningAll()
  try {
    return await update.executeTakeFirst()
  } catch (error) {
    // If two run at the same moment, PostgreSQL makes the second wait for the first, and then refuses it.
    if (error instanceof Error && 'code' in error && error.code === uniqueViolation) return undefined
    throw error
  }
}
