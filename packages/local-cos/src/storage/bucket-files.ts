import { join } from 'node:path'
import { DamagedFiles } from './damaged-files.js'
import type { DurableFiles } from './durable-files.js'
import type { Quota } from './quota.js'

/** Shared by all buckets of a store. */
export interface StoreFiles {
  /** Folder for damaged files, with a subfolder per bucket. */
  readonly damaged: string
  readonly files: DurableFiles
  readonly quota: Quota
  readonly log: (line: object) => void
}

/** Shared by the components of one bucket. */
export interface BucketFiles {
  readonly files: DurableFiles
  readonly quota: Quota
  readonly damaged: DamagedFiles
  /** Folder of the index files. */
  readonly index: string
  /** Aborted when the bucket closes. */
  readonly closing: AbortSignal
}

export function bucketFiles(
  path: string,
  name: string,
  { damaged, files, quota, log }: StoreFiles,
  closing: AbortSignal,
): BucketFiles {
  return {
    files,
    quota,
    damaged: new DamagedFiles(join(damaged, name), name, files, log),
    index: join(path, 'index'),
    closing,
  }
}
