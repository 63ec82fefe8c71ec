import { Problem } from '../problem.js'
import type { UploadRow } from '../repository/upload-row.js'
import { removeFromStore } from './end-upload.js'
import { noObject, notFound } from './upload-problems.js'
import type { UploadServices } from './upload-services.js'

/**
 * Removes a finished upload: its object, and its place among what the owner has stored. The row says so first, so that a
 * crash in between leaves work for the sweeper, and never a record of an object that is gone. Safe to repeat.
 *
 * @throws Problem `not-found` of an upload that is not finished; `forbidden` with status 409 before `onDone` has heard of it
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
  const at = now()
  const changes = { state: 'cancelled', failure: null, url: null, cleanupAt: at, updatedAt: at } as const
  const removed = await repository.transition({ id: row.id }, ['done'], changes)
  if (removed !== undefined) count({ kind: 'ended', reason: 'removed' })
  return removed ?? (await repository.get(row.id)) ?? row
}

/**
 * Gives a finished upload another name. Downloads have it from then on; the key stays, and so do the headers of an object at a
 * public address.
 *
 * @throws Problem `not-found` of an upload that is not finished
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
