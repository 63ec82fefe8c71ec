import type { UploadRow } from '../repository/upload-row.js'
import { storedHeaders } from '../object-headers/stored-headers.js'
import { expiryFrom, type UploadServices } from './upload-services.js'

/**
 * Starts a multipart upload for a row, and aborts it if another server recorded one first.
 *
 * @returns `undefined` if the row was changed in between: look again.
 */
export async function startMultipart(
  services: UploadServices,
  row: UploadRow,
): Promise<UploadRow | undefined> {
  const { uploadId } = await services.store.createMultipartUpload(row.key, storedHeaders(row))
  const recorded = await recordUploadId(services, row, uploadId)
  if (recorded !== undefined) return recorded
  // Another server may have found this multipart upload in the store and recorded it.
  const current = await services.repository.get(row.id)
  if (current?.state === 'open' && current.uploadId === uploadId) return current
  await services.store.abortMultipartUpload(row.key, uploadId)
  return undefined
}

/**
 * Gives a row without a usable multipart upload one. If an earlier creation was never answered or recorded, that
 * multipart upload is still listed under the row's own key, and is used instead of a second one.
 */
export async function recoverMultipart(
  services: UploadServices,
  row: UploadRow,
): Promise<UploadRow | undefined> {
  const listed: string[] = []
  for await (const open of services.store.listMultipartUploads(row.key)) {
    if (open.key === row.key) listed.push(open.uploadId)
  }
  const [found, ...spare] = listed
  if (found === undefined) return startMultipart(services, row)
  const recorded = await recordUploadId(services, row, found)
  if (recorded === undefined) return undefined
  for (const uploadId of spare) await services.store.abortMultipartUpload(row.key, uploadId)
  return recorded
}

async function recordUploadId(
  services: UploadServices,
  row: UploadRow,
  uploadId: string,
): Promise<UploadRow | undefined> {
  const now = services.now()
  const times = { updatedAt: now, expiresAt: expiryFrom(now, services.limits) }
  return services.repository.setUploadId(row.id, row.uploadId, uploadId, times)
}
