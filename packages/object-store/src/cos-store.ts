import { cosDialect } from './dialects/cos/cos-dialect.js'
import type { ObjectStore } from './object-store.js'
import type { StoreCapabilities } from './store-description.js'
import { createRestStore } from './rest-store.js'
import type { StoreOptions } from './rest-store.js'

/** Options of {@link createCosStore}. */
export interface CosStoreOptions extends StoreOptions {
  /** Differences from {@link cosCapabilities}: `{ forms: true }` once `probeForms` has confirmed it. */
  readonly capabilities?: Partial<StoreCapabilities>
}

/**
 * A bucket of Tencent COS, or of a COS-compatible store.
 *
 * @example
 * const store = createCosStore({
 *   location: cosLocation({ bucket: 'b-1250000000', region: 'ap-guangzhou' }),
 *   credentials: { accessKeyId: secretId, secretAccessKey: secretKey },
 * })
 * const { uploadId } = await store.createMultipartUpload('films/a.mp4', { contentType: 'video/mp4' })
 */
export function createCosStore({ capabilities, ...options }: CosStoreOptions): ObjectStore {
  return createRestStore(cosDialect, { ...cosDialect.capabilities, ...capabilities }, options)
}
