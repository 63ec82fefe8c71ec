import type { ObjectRecord } from '../storage/object-record.js'
import { bucketOf, type OperationContext } from './context.js'
import { noSuchObject, requestedVersion } from './versions.js'

/** Returns the object or version the request names. @throws `NoSuchKey`, `NoSuchVersion` */
export async function findObject(context: OperationContext): Promise<ObjectRecord> {
  const record = await bucketOf(context).objects.findVersion(context.address.key, requestedVersion(context))
  if (record === null || record.deleteMarker === true) throw await noSuchObject(context)
  return record
}

/** Changes the record of the object the request names. @throws `NoSuchKey`, `NoSuchVersion` */
export async function changeObject(
  context: OperationContext,
  change: (record: ObjectRecord) => ObjectRecord,
): Promise<ObjectRecord> {
  const { objects } = bucketOf(context)
  const changed = await objects.change(context.address.key, change, requestedVersion(context))
  if (changed === null) throw await noSuchObject(context)
  return changed
}
