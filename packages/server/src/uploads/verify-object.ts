import type { ObjectInfo } from '@carryon/object-store'
import { fromBase64 } from '../base64.js'
import { Problem } from '../problem.js'
import type { UploadRow } from '../repository/upload-row.js'
import { checksumsOf } from './checksums.js'
import { omitsEtags, type RecordedRequest } from './complete-request.js'
import { endUpload, removeFromStore } from './end-upload.js'
import type { UploadServices } from './upload-services.js'

/**
 * Compares the object with the complete request, then records the upload as done, or removes the object.
 *
 * @param etagsDigest Digest of the ETags of the object's parts, if known.
 * @returns The row in state `done`, or in another state if another caller ended the upload in between.
 * @throws Problem `checksum-mismatch`; the object is then removed and the upload failed.
 */
export async function verifyObject(
  services: UploadServices,
  row: UploadRow,
  request: RecordedRequest,
  object: ObjectInfo,
  etagsDigest?: string,
): Promise<UploadRow> {
  if (!matchesRequest(services, row, request, object)) {
    const failed = await endUpload(services, row, 'checksum-mismatch')
    if (failed !== undefined) throw checksumMismatch()
    return resolveConflict(services, row)
  }
  const now = services.now()
  const done = await services.repository.transition(row, ['open', 'completing'], {
    state: 'done',
    etag: object.etag,
    crc64: (checksumsOf(services, row).object === null ? null : object.crc64) ?? null,
    ...(etagsDigest !== undefined && { claimedEtags: etagsDigest }),
    url: services.urlOf(row),
    finishedAt: now,
    updatedAt: now,
    deliveryAt: services.hooks.onDone === undefined ? null : now,
  })
  if (done !== undefined) {
    services.access.forget(done)
    services.count({ kind: 'done', mode: done.mode, size: done.size })
    return done
  }
  return resolveConflict(services, row)
}

/** Handles a row that another caller changed first. If that ended the upload, the object appeared after the removal. */
export async function resolveConflict(services: UploadServices, row: UploadRow): Promise<UploadRow> {
  const current = (await services.repository.get(row.id)) ?? row
  if (current.state === 'cancelled' || current.state === 'failed') await removeFromStore(services, current)
  return current
}

export function checksumMismatch(): Problem {
  return new Problem(
    'checksum-mismatch',
    'The object in the store is not what was declared, and was removed. Open a new upload.',
  )
}

function matchesRequest(
  services: UploadServices,
  row: UploadRow,
  request: RecordedRequest,
  object: ObjectInfo,
): boolean {
  if (object.size !== row.size) return false
  const { object: checksum, etagIsMd5 } = checksumsOf(services, row)
  // Without a CRC-64 of the object, the parts were compared before by the ETags that the request has.
  const seen = checksum === null ? undefined : object.crc64
  if (omitsEtags(row, request) && (seen === undefined || request.crc64 === null)) return false
  if (seen !== undefined && request.crc64 !== null && seen !== request.crc64) return false
  // The store verified the signed MD5; where the ETag is the MD5, it is compared again.
  return row.md5 === null || !etagIsMd5 || object.etag.toLowerCase() === hexOfBase64(row.md5)
}

function hexOfBase64(text: string): string {
  return Array.from(fromBase64(text) ?? [], (byte) => byte.toString(16).padStart(2, '0')).join('')
}
