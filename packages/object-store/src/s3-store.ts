import { knownStoreAt } from './dialects/s3/known-stores.js'
import { s3Capabilities, s3Dialect } from './dialects/s3/s3-dialect.js'
import type { ObjectStore } from './object-store.js'
import type { StoreCapabilities } from './store-description.js'
import { createRestStore } from './rest-store.js'
import type { StoreOptions } from './rest-store.js'

/** Options of {@link createS3Store}. */
export interface S3StoreOptions extends StoreOptions {
  /**
   * Differences from {@link s3Capabilities} and from the entries of {@link knownStores}; `probeStore` tests them.
   * Ceph RGW 16, for example, forbids overwriting on PUT but not on complete: `{ forbidOverwriteOnComplete: false }`.
   */
  readonly capabilities?: Partial<StoreCapabilities>
}

/**
 * A bucket of Amazon S3, or of an S3-compatible store.
 *
 * @example
 * const store = createS3Store({
 *   location: s3Location({ bucket: 'films', region: 'us-east-1', endpoint: 'http://127.0.0.1:7480', forcePathStyle: true }),
 *   credentials: { accessKeyId, secretAccessKey },
 * })
 */
export function createS3Store({ capabilities, ...options }: S3StoreOptions): ObjectStore {
  const known = knownStoreAt(options.location)
  return createRestStore(
    { ...s3Dialect, label: known?.name ?? s3Dialect.label },
    { ...s3Capabilities, ...known?.limits, ...capabilities },
    options,
  )
}
