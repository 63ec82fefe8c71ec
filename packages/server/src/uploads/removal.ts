import { accessLifetime } from '../access/access-issuer.js'
import type { UploadFailure, UploadRow } from '../repository/upload-row.js'
import type { UploadServices } from './upload-services.js'

/** How often the list of open uploads is read again until it shows none under the key. */
const rounds = 5

/**
 * Ends an open upload without an object and removes what the store holds of it. The row says so first, so that a
 * stop in between leaves work for the sweeper and never an upload that is still open.
 *
 * @returns `undefined` when the upload was not open any more, or has become that of another state of its file.
 */
export async function endUpload(
  services: UploadServices,
  upload: UploadRow,
  failure: UploadFailure | null,
): Promise<UploadRow | undefined> {
  const now = services.now()
  const state = failure === 'checksum-mismatch' ? 'failed' : 'cancelled'
  // Whoever cancels means the upload, whatever it has become; a failure was found of what was read.
  const judged = failure === null ? { id: upload.id } : upload
  const ended = await services.repository.transition(judged, ['open', 'completing'], {
    state,
    failure,
    cleanupAt: now,
    updatedAt: now,
  })
  if (ended === undefined) return undefined
  services.count({ kind: 'ended', reason: failure ?? 'cancelled' })
  await removeRemains(services, ended)
  return ended
}

/**
 * Removes every fragment and the object of an upload that has ended. The key belongs to this upload alone, so
 * whatever lies under it is its own.
 *
 * A part that was under way may revive a fragment on some stores, and a signed PUT stays good until it expires:
 * the sweeper looks a second time when the browser's permission is over.
 */
export async function removeRemains(services: UploadServices, upload: UploadRow): Promise<void> {
  services.access.forget(upload)
  if (upload.mode === 'multipart') await removeFragments(services, upload)
  await services.store.deleteObject(upload.key)
  const permissionOver = upload.updatedAt + accessLifetime * 1_000
  const now = services.now()
  await services.repository.setCleanup(upload.id, now < permissionOver ? permissionOver : null)
}

async function removeFragments(services: UploadServices, { key, uploadId }: UploadRow): Promise<void> {
  if (uploadId !== null) await services.store.abortMultipartUpload(key, uploadId)
  for (let round = 0; round < rounds; round += 1) {
    let found = false
    for await (const open of services.store.listMultipartUploads(key)) {
      if (open.key !== key) continue
      found = true
      await services.store.abortMultipartUpload(key, open.uploadId)
    }
    if (!found) return
    await services.sleep(100 * 2 ** round)
  }
  throw new Error(`the store still lists a fragment of ${key} after ${rounds} aborts`)
}
