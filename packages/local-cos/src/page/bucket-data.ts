import { notAfter, pageOf } from '../operations/listing.js'
import type { Bucket } from '../storage/bucket.js'
import type { Storage } from '../storage/storage.js'

/** A bucket in the page's list of buckets. */
export interface BucketSummary {
  readonly name: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly objects: number
  /** Total bytes of all objects. */
  readonly size: number
  readonly unfinishedUploads: number
}

export async function summariesOf(storage: Storage): Promise<readonly BucketSummary[]> {
  return Promise.all(
    storage.list().map(async (bucket) => {
      const objects = await bucket.objects.list()
      return {
        name: bucket.name,
        createdAt: bucket.settings.createdAt,
        objects: objects.length,
        size: objects.reduce((sum, { size }) => sum + size, 0),
        unfinishedUploads: (await bucket.uploads.list()).length,
      }
    }),
  )
}

const pageSize = 100

/** One page of a bucket's folder. */
export interface FolderPage {
  readonly bucket: string
  readonly prefix: string
  readonly folders: readonly string[]
  readonly objects: readonly {
    readonly key: string
    readonly size: number
    readonly lastModified: number
    readonly storageClass: string
  }[]
  /** Start of the next page; `null` on the last page. */
  readonly next: string | null
}

export async function folderOf(bucket: Bucket, prefix: string, after: string): Promise<FolderPage> {
  const page = pageOf(await bucket.objects.list(), {
    prefix,
    delimiter: '/',
    marker: after,
    max: pageSize,
    passed: (entry, group) => notAfter(after, entry.key, group),
  })
  return {
    bucket: bucket.name,
    prefix,
    folders: page.commonPrefixes,
    objects: page.entries.map(({ key, size, lastModified, storageClass }) => ({
      key,
      size,
      lastModified,
      storageClass,
    })),
    next: page.truncated ? page.last : null,
  }
}

/** An unfinished upload. */
export interface UploadSummary {
  readonly key: string
  readonly uploadId: string
  /** Milliseconds since the epoch. */
  readonly initiated: number
  readonly parts: number
  readonly size: number
}

/** Returns the first unfinished uploads of a bucket; only a page of them, because the parts of each must be counted. */
export async function uploadsOf(bucket: Bucket): Promise<readonly UploadSummary[]> {
  const records = (await bucket.uploads.list()).slice(0, pageSize)
  const found = await Promise.all(
    records.map(async ({ key, uploadId, initiated }) => {
      // The upload may have ended since it was listed.
      const upload = await bucket.uploads.get(key, uploadId).catch(() => null)
      return upload === null
        ? []
        : [{ key, uploadId, initiated, parts: upload.parts.length, size: upload.size }]
    }),
  )
  return found.flat()
}
