import type { ObjectInfo } from '@carryon/object-store'
import { Problem } from '../problem.js'
import type { UploadRow } from '../repository/upload-row.js'
import { checksumsOf } from './checksums.js'
import { leavesEtagsOut, type RecordedClaim } from './claim.js'
import { endUpload, removeRemains } from './removal.js'
import type { UploadServices } from './upload-services.js'

/**
 * Compares the finished object with the claim and records it, or removes it.
 *
 * @param etagsDigest Of the parts that it was joined of, where they are known.
 * @returns The row in state `done`; in another state when someone ended the upload in between.
 * @throws Problem `checksum-mismatch`; the object is gone then and the upload failed.
 */
export async function settleObject(
  services: UploadServices,
  row: UploadRow,
  claim: RecordedClaim,
  object: ObjectInfo,
  etagsDigest?: string,
): Promise<UploadRow> {
  if (!isAsClaimed(services, row, claim, object)) {
    const failed = await endUpload(services, row, 'checksum-mismatch')
    if (failed !== undefined) throw checksumMismatch()
    return endedByAnother(services, row)
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
  })
  if (done !== undefined) {
    services.access.forget(done)
    services.count({ kind: 'done', mode: done.mode, size: done.size })
    return done
  }
  return endedByAnother(services, row)
}

/** Someone changed the row first. When they ended it, the object came too late to be removed by them. */
export async function endedByAnother(services: UploadServices, row: UploadRow): Promise<UploadRow> {
  const stands = (await services.repository.get(row.id)) ?? row
  if (stands.state === 'cancelled' || stands.state === 'failed') await removeRemains(services, stands)
  return stands
}

export function checksumMismatch(): Problem {
  return new Problem(
    'checksum-mismatch',
    'What the store holds is not what was claimed, and was removed. Open the upload anew.',
  )
}

function isAsClaimed(services: UploadServices, row: UploadRow, claim: RecordedClaim, object: ObjectInfo): boolean {
  if (object.size !== row.size) return false
  const { object: checksum, etagIsMd5 } = checksumsOf(services, row)
  // One that is not answered says nothing: the parts were compared before, as far as their ETags were claimed.
  const seen = checksum === null ? undefined : object.crc64
  if (leavesEtagsOut(row, claim) && (seen === undefined || claim.crc64 === null)) return false
  if (seen !== undefined && claim.crc64 !== null && seen !== claim.crc64) return false
  // The store refused other bytes than the signed MD5's already; where the ETag shows it, it is checked again.
  return row.md5 === null || !etagIsMd5 || object.etag.toLowerCase() === hexOfBase64(row.md5)
}

function hexOfBase64(text: string): string {
  const bytes = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
