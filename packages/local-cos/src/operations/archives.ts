import { CosError } from '../errors.js'
import type { ObjectRecord } from '../storage/object-record.js'

/**
 * Classes whose objects must be restored before they can be read.
 * Source: https://cloud.tencent.com/document/product/436/33417
 */
const archived: ReadonlySet<string> = new Set([
  'ARCHIVE',
  'DEEP_ARCHIVE',
  'COLD_ARCHIVE',
  'MAZ_ARCHIVE',
  'MAZ_DEEP_ARCHIVE',
])

/** Archive class of an object; `undefined` if it is not archived. */
export function archiveOf({ headers }: Pick<ObjectRecord, 'headers'>): string | undefined {
  const storageClass = headers['x-cos-storage-class'] ?? ''
  return isArchive(storageClass) ? storageClass : undefined
}

export function isArchive(storageClass: string): boolean {
  return archived.has(storageClass)
}

/** Whether the object has a restored copy that can be read now. */
export function isRestored({ restoredUntil }: ObjectRecord, now: number): boolean {
  return restoredUntil !== undefined && now < restoredUntil
}

/** @throws {@link CosError} `InvalidObjectState` if the object is archived and not restored. */
export function refuseArchived(record: ObjectRecord, now: number): void {
  const storageClass = archiveOf(record)
  if (storageClass === undefined || isRestored(record, now)) return
  throw new CosError(
    'InvalidObjectState',
    `The object is of the class ${storageClass} and cannot be read before it is restored (POST ?restore).`,
  )
}

/** Headers for a restored archive (436/7745). */
export function restoreHeaders(record: ObjectRecord, now: number): Readonly<Record<string, string>> {
  if (archiveOf(record) === undefined || !isRestored(record, now)) return {}
  const until = new Date(record.restoredUntil ?? 0).toUTCString()
  return { 'x-cos-restore': `ongoing-request="false", expiry-date="${until}"` }
}
