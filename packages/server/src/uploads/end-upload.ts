import { accessLifetime } from '../access/access-issuer.js'
import type { UploadFailure, UploadRow } from '../repository/upload-row.js'
import type { UploadServices } from './upload-services.js'

/** Maximum passes over the list of open multipart uploads, which is repeated until it shows none under the key. */
const rounds = 5

/**
 * Ends an open upload without an object and removes its data from the store. The row is changed first, so that a crash in
 * between leaves work for the sweeper and never an upload that is still open.
 *
 * @returns `undefined` if the upload was no longer open, or was continued for another version of its file.
 */
export async function endUpload(
  services: UploadServices,
  upload: UploadRow,
  failure: UploadFailure | null,
): Promise<UploadRow | undefined> {
  const now = services.now()
  const state = failure === 'checksum-mismatch' ? 'failed' : 'cancelled'
  // A cancel applies to the upload even if it was continued for another file; a failure only to the row as read.
  const expected = failure === null ? { id: upload.id } : upload
  const ended = await services.repository.transition(expected, ['open', 'completing'], {
    state,
    failure,
    cleanupAt: now,
    updatedAt: now,
  })
  if (ended === undefined) return undefined
  services.count({ kind: 'ended', reason: failure ?? 'cancelled' })
  await removeFromStore(services, ended)
  return ended
}

/**
 * Removes all multipart uploads and the object under the key of an ended upload. No other upload uses the key.
 *
 * On some stores a part in flight may revive an aborted multipart upload, and a signed PUT is valid until it expires:
 * the sweeper cleans up a second time after the access grant has expired.
 */
export async function removeFromStore(services: UploadServices, upload: UploadRow): Promise<void> {
  services.access.forget(upload)
  if (upload.mode === 'multipart') await abortMultipartUploads(services, upload)
  await services.store.deleteObject(upload.key)
  const accessExpiry = upload.updatedAt + accessLifetime * 1_000
  const now = services.now()
  await services.repository.setCleanup(upload.id, now < accessExpiry ? accessExpiry : null)
}

async function abortMultipartUploads(services: UploadServices, { key, uploadId }: UploadRow): Promise<void> {
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
  throw new Error(`the store still lists a multipart upload of ${key} after ${rounds} aborts`)
}
