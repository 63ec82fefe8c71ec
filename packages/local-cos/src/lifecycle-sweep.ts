import { CosError } from './errors.js'
import { parseLifecycle, type LifecycleRule } from './lifecycle.js'
import type { Bucket } from './storage/bucket.js'
import { versionIdOf } from './storage/version-id.js'

/** Number of each kind that a sweep removed. */
export interface Swept {
  readonly uploads: number
  readonly objects: number
  /** Earlier versions, and delete markers without earlier versions. */
  readonly versions: number
}

const day = 86_400_000

/** Applies the bucket's lifecycle rules once. */
export async function applyLifecycle(bucket: Bucket, now: number): Promise<Swept> {
  const swept = { uploads: 0, objects: 0, versions: 0 }
  const { lifecycle } = bucket.settings
  if (lifecycle === null) return swept
  for (const rule of parseLifecycle(lifecycle)) {
    swept.uploads += await abortUploads(bucket, rule, now)
    swept.objects += await expireObjects(bucket, rule, now)
    swept.versions += await expireNoncurrent(bucket, rule, now)
    swept.versions += await expireLoneMarkers(bucket, rule)
  }
  return swept
}

/** Uploads have no tags, so rules with tags do not apply. */
async function abortUploads(bucket: Bucket, rule: LifecycleRule, now: number): Promise<number> {
  const { prefix, tags, abortUploadsAfterDays } = rule
  if (abortUploadsAfterDays === null || tags.length > 0) return 0
  let aborted = 0
  for (const { key, uploadId, initiated } of await bucket.uploads.list()) {
    if (!key.startsWith(prefix) || now - initiated < abortUploadsAfterDays * day) continue
    if (await abortIfOpen(bucket, key, uploadId)) aborted++
  }
  return aborted
}

/** The upload may have been completed since it was listed. */
async function abortIfOpen(bucket: Bucket, key: string, uploadId: string): Promise<boolean> {
  try {
    await bucket.uploads.abort(await bucket.uploads.get(key, uploadId))
    return true
  } catch (error) {
    if (error instanceof CosError && error.code === 'NoSuchUpload') return false
    throw error
  }
}

async function expireObjects(bucket: Bucket, rule: LifecycleRule, now: number): Promise<number> {
  const { prefix, expireObjectsAfterDays } = rule
  if (expireObjectsAfterDays === null) return 0
  let expired = 0
  for (const { key, lastModified } of await bucket.objects.list()) {
    if (!key.startsWith(prefix) || now - lastModified < expireObjectsAfterDays * day) continue
    if (!(await isAbout(rule, bucket, key))) continue
    if ((await bucket.objects.remove(key, now)) !== null) expired++
  }
  return expired
}

/** Counts the days since the next version was stored. */
async function expireNoncurrent(bucket: Bucket, rule: LifecycleRule, now: number): Promise<number> {
  const { prefix, expireNoncurrentAfterDays } = rule
  if (expireNoncurrentAfterDays === null) return 0
  let expired = 0
  const versions = await bucket.objects.listVersions()
  for (const [index, version] of versions.entries()) {
    const { key } = version
    const later = versions[index - 1]
    if (!key.startsWith(prefix) || version.noncurrent !== true || later?.key !== key) continue
    if (now - later.lastModified < expireNoncurrentAfterDays * day) continue
    const id = versionIdOf(version)
    if (!(await isAbout(rule, bucket, key, id))) continue
    if ((await bucket.objects.removeUnused(key, id)) !== null) expired++
  }
  return expired
}

async function expireLoneMarkers(bucket: Bucket, rule: LifecycleRule): Promise<number> {
  if (!rule.expireLoneMarkers || rule.tags.length > 0) return 0
  let expired = 0
  const versions = await bucket.objects.listVersions()
  for (const [index, { key, deleteMarker, ...version }] of versions.entries()) {
    const isAlone = versions[index - 1]?.key !== key && versions[index + 1]?.key !== key
    if (!key.startsWith(rule.prefix) || deleteMarker !== true || !isAlone) continue
    if ((await bucket.objects.removeUnused(key, versionIdOf(version))) !== null) expired++
  }
  return expired
}

/** "Appendable objects take no part in the lifecycle" (436/7741). */
async function isAbout(
  { tags }: LifecycleRule,
  { objects }: Bucket,
  key: string,
  versionId?: string,
): Promise<boolean> {
  const record = await objects.findVersion(key, versionId)
  if (record === null || record.appendable === true) return false
  return tags.every((tag) =>
    record.tags?.some(({ key: name, value }) => name === tag.key && value === tag.value),
  )
}
