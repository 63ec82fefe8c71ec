import { join } from 'node:path'
import { DamagedFiles } from './damaged-files.js'
import type { DurableFiles } from './durable-files.js'
import type { Quota } from './quota.js'

/** What the buckets of a store have in common. */
export interface StoreFiles {
  /** Where damaged files go, below it by bucket. */
  readonly damaged: string
  readonly files: DurableFiles
  readonly quota: Quota
  readonly log: (line: object) => void
}

/** What the parts of one bucket have in common. */
export interface BucketFiles {
  readonly files: DurableFiles
  readonly quota: Quota
  readonly damaged: DamagedFiles
  /** Where index files are kept. */
  readonly index: string
  /** Aborted when the bucket is closed. */
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
