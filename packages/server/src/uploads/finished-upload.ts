import { Problem } from '../problem.js'
import type { UploadRow } from '../repository/upload-row.js'
import { removeFromStore } from './end-upload.js'
import { noObject, notFound } from './upload-problems.js'
import type { UploadServices } from './upload-services.js'

/**
 * Removes a finished upload and its object, and frees its bytes in the owner's total. The row is changed first, so that a
 * crash in between leaves work for the sweeper, and never a record of an object that is gone. Safe to repeat.
 *
 * @throws Problem `not-found` if the upload is not finished; `forbidden` with status 409 before `onDone` has run
 */
export async function removeFinished(services: UploadServices, owner: string, id: string): Promise<void> {
  const { repository, now } = services
  const row = await repository.find(owner, id)
  if (row === undefined) throw notFound()
  if (row.state !== 'done' && row.state !== 'cancelled') throw noObject()
  const removed = row.state === 'done' ? await endFinished(services, row) : row
  if (removed.cleanupAt !== null && removed.cleanupAt <= now()) await removeFromStore(services, removed)
}

async function endFinished({ repository, now, count }: UploadServices, row: UploadRow): Promise<UploadRow> {
  if (row.deliveryAt !== null) {
    throw new Problem(
      'forbidden',
      'This file has only just arrived, and is still being registered. Try again in a moment.',
      { status: 409 },
    )
  }
  return (await markRemoved({ repository, now, count }, row)) ?? (await repository.get(row.id)) ?? row
}

/** Records the removal, before anything is removed from the store. `undefined`: another caller did it first. */
async function markRemoved(
  { repository, now, count }: Pick<UploadServices, 'repository' | 'now' | 'count'>,
  { id }: UploadRow,
): Promise<UploadRow | undefined> {
  const at = now()
  const changes = { state: 'cancelled', failure: null, url: null, cleanupAt: at, updatedAt: at } as const
  const removed = await repository.transition({ id }, ['done'], changes)
  if (removed !== undefined) count({ kind: 'ended', reason: 'removed' })
  return removed
}

/**
 * Removes a finished upload whose retention period is over. The sweeper cleans up what a crash leaves, as for any other
 * upload.
 *
 * @returns whether this call removed it, and not another server
 */
export async function removeRetired(services: UploadServices, row: UploadRow): Promise<boolean> {
  const removed = await markRemoved(services, row)
  if (removed === undefined) return false
  await removeFromStore(services, removed)
  return true
}

/**
 * Renames a finished upload. Later downloads have the new name; the key stays, and so do the headers of an object at a
 * public address.
 *
 * @throws Problem `not-found` if the upload is not finished
 */
export async function renameFinished(
  { repository }: UploadServices,
  owner: string,
  id: string,
  name: string,
): Promise<UploadRow> {
  const row = await repository.find(owner, id)
  if (row === undefined) throw notFound()
  const renamed = await repository.transition({ id }, ['done'], { name })
  if (renamed === undefined) throw noObject()
  return renamed
}
