import type { UploadRow } from '../repository/upload-row.js'
import { noCompleteRequest } from './complete-request.js'
import { listPartsOrNull } from './complete-multipart.js'
import type { Caller, OpenQuota } from './open-quota.js'
import type { OpenRequest } from './open-upload.js'
import { isOversize } from '../parts/largest-part.js'
import { firstParts, openPlan } from '../parts/part-plan.js'
import { expiryFrom, type UploadServices } from './upload-services.js'

/**
 * Turns the open upload `request.continues` into an upload of another version of its file. A multipart upload has no fixed
 * size, so unchanged parts need not be sent again. The client determines which those are; the server compares all parts
 * with the complete request.
 *
 * @returns `undefined` if it cannot be used: it is not this owner's, not open, its parts do not fit the new size, or
 * they have far more bytes than the new size.
 * @throws Problem `too-many-requests` or `too-large` if the quota does not allow the additional bytes.
 */
export async function continueUpload(
  services: UploadServices,
  quota: OpenQuota,
  caller: Caller,
  request: OpenRequest,
): Promise<UploadRow | undefined> {
  const { repository, store, limits } = services
  const { identity, size, name, type, continues } = request
  const row = continues === undefined ? undefined : await repository.find(caller.owner, continues)
  if (row?.state !== 'open' || row.mode !== 'multipart' || row.uploadId === null) return undefined
  const parts = await listPartsOrNull(store, row.key, row.uploadId)
  const last = parts?.at(-1)
  if (parts === null || last === undefined || isOversize({ size }, parts)) return undefined
  const { partSize, grows } = row
  const first = firstParts(size, store.capabilities, partSize, grows === 1)
  if (first.partSize !== partSize || first.grows !== grows) return undefined
  // A stored part beyond the new plan cannot be removed, and Ceph RGW does not complete an upload that has one.
  if (last.partNumber > openPlan({ size, partSize, grows }, parts).partCount) return undefined
  const now = services.now()
  const times = { updatedAt: now, expiresAt: expiryFrom(now, limits) }
  // It counts toward the address that opened it, even if it is continued from another.
  const counted = { ...caller, address: row.address }
  return quota.within(counted, { open: 0, bytes: Math.max(0, size - row.size), size }, () =>
    repository.replaceFile(row, { identity, size, name, type, ...first, ...noCompleteRequest, ...times }),
  )
}
