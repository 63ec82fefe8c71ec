import type { UploadRow } from '../repository/upload-row.js'
import { contentDisposition } from '../object-headers/content-disposition.js'
import { contentType } from '../object-headers/content-type.js'
import { expiryFrom, type UploadDesk } from './upload-desk.js'

/**
 * Starts a multipart upload for a row. When another server was first, the fragment is dropped again.
 *
 * @returns `undefined` when the row was changed in between: look again.
 */
export async function startFragment(desk: UploadDesk, row: UploadRow): Promise<UploadRow | undefined> {
  const { uploadId } = await desk.store.createMultipartUpload(row.key, {
    contentType: contentType(row.type),
    contentDisposition: contentDisposition('attachment', row.name),
  })
  const claimed = await claim(desk, row, uploadId)
  if (claimed !== undefined) return claimed
  // Another server may have found this very fragment in the store and adopted it.
  const stands = await desk.repository.get(row.id)
  if (stands?.state === 'open' && stands.uploadId === uploadId) return stands
  await desk.store.abortMultipartUpload(row.key, uploadId)
  return undefined
}

/**
 * Gives a row without a usable fragment one: a fragment whose initiate was never answered or never recorded is
 * still listed under the row's own key, and is adopted rather than joined by a second one.
 */
export async function repairFragment(desk: UploadDesk, row: UploadRow): Promise<UploadRow | undefined> {
  const listed: string[] = []
  for await (const open of desk.store.listMultipartUploads(row.key)) {
    if (open.key === row.key) listed.push(open.uploadId)
  }
  const [adopted, ...spare] = listed
  if (adopted === undefined) return startFragment(desk, row)
  const claimed = await claim(desk, row, adopted)
  if (claimed === undefined) return undefined
  for (const uploadId of spare) await desk.store.abortMultipartUpload(row.key, uploadId)
  return claimed
}

async function claim(desk: UploadDesk, row: UploadRow, uploadId: string): Promise<UploadRow | undefined> {
  const now = desk.now()
  const times = { updatedAt: now, expiresAt: expiryFrom(now, desk.limits) }
  return desk.repository.setUploadId(row.id, row.uploadId, uploadId, times)
}
