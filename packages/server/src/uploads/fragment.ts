import type { UploadRow } from '../repository/upload-row.js'
import { contentDisposition } from '../object-headers/content-disposition.js'
import { contentType } from '../object-headers/content-type.js'
import { expiryFrom, type UploadServices } from './upload-services.js'

/**
 * Starts a multipart upload for a row. When another server was first, the fragment is dropped again.
 *
 * @returns `undefined` when the row was changed in between: look again.
 */
export async function startFragment(services: UploadServices, row: UploadRow): Promise<UploadRow | undefined> {
  const { uploadId } = await services.store.createMultipartUpload(row.key, {
    contentType: contentType(row.type),
    contentDisposition: contentDisposition('attachment', row.name),
  })
  const claimed = await claim(services, row, uploadId)
  if (claimed !== undefined) return claimed
  // Another server may have found this very fragment in the store and adopted it.
  const stands = await services.repository.get(row.id)
  if (stands?.state === 'open' && stands.uploadId === uploadId) return stands
  await services.store.abortMultipartUpload(row.key, uploadId)
  return undefined
}

/**
 * Gives a row without a usable fragment one: a fragment whose initiate was never answered or never recorded is
 * still listed under the row's own key, and is adopted rather than joined by a second one.
 */
export async function repairFragment(services: UploadServices, row: UploadRow): Promise<UploadRow | undefined> {
  const listed: string[] = []
  for await (const open of services.store.listMultipartUploads(row.key)) {
    if (open.key === row.key) listed.push(open.uploadId)
  }
  const [adopted, ...spare] = listed
  if (adopted === undefined) return startFragment(services, row)
  const claimed = await claim(services, row, adopted)
  if (claimed === undefined) return undefined
  for (const uploadId of spare) await services.store.abortMultipartUpload(row.key, uploadId)
  return claimed
}

async function claim(services: UploadServices, row: UploadRow, uploadId: string): Promise<UploadRow | undefined> {
  const now = services.now()
  const times = { updatedAt: now, expiresAt: expiryFrom(now, services.limits) }
  return services.repository.setUploadId(row.id, row.uploadId, uploadId, times)
}
