import { CosError } from '../errors.js'
import type { ObjectRecord } from '../storage/object-record.js'

/** Classes whose objects cannot be read before they are restored. Source: https://cloud.tencent.com/document/product/436/33417 */
const archived: ReadonlySet<string> = new Set([
  'ARCHIVE',
  'DEEP_ARCHIVE',
  'COLD_ARCHIVE',
  'MAZ_ARCHIVE',
  'MAZ_DEEP_ARCHIVE',
])

/** The archive's class of an object; `undefined` of one that is none. */
export function archiveOf({ headers }: Pick<ObjectRecord, 'headers'>): string | undefined {
  const storageClass = headers['x-cos-storage-class'] ?? ''
  return isArchive(storageClass) ? storageClass : undefined
}

export function isArchive(storageClass: string): boolean {
  return archived.has(storageClass)
}

/** Whether there is a restored copy that can be read. */
export function isRestored({ restoredUntil }: ObjectRecord, now: number): boolean {
  return restoredUntil !== undefined && now < restoredUntil
}

/** @throws {@link CosError} `InvalidObjectState`: of an archive there is no content to be had. */
export function refuseArchived(record: ObjectRecord, now: number): void {
  const storageClass = archiveOf(record)
  if (storageClass === undefined || isRestored(record, now)) return
  throw new CosError(
    'InvalidObjectState',
    `The object is of the class ${storageClass} and cannot be read before it is restored (POST ?restore).`,
  )
}

/** Told of an archive that was restored (436/7745). */
export function restoreHeaders(record: ObjectRecord, now: number): Readonly<Record<string, string>> {
  if (archiveOf(record) === undefined || !isRestored(record, now)) return {}
  const until = new Date(record.restoredUntil ?? 0).toUTCString()
  return { 'x-cos-restore': `ongoing-request="false", expiry-date="${until}"` }
}
