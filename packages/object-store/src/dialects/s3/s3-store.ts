import type { DialectRules } from '../../store-dialect.js'
import type { ObjectStore, StoreCapabilities } from '../../object-store.js'
import { createRestStore } from '../../rest-store.js'
import type { StoreOptions } from '../../rest-store.js'
import { knownStoreAt } from './known-stores.js'
import { s3Crc64 } from './s3-crc64.js'
import { presignS3Request, signS3Request } from './s3-request-signing.js'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3

/**
 * What Amazon S3 proves and allows ("Amazon S3 multipart upload limits"), and with it most stores that speak its
 * API. An ETag is a part's MD5 unless the bucket encrypts with SSE-KMS or SSE-C.
 */
export const s3Capabilities: StoreCapabilities = {
  partChecksum: null,
  objectChecksum: null,
  etagIsMd5: true,
  minPartSize: 5 * mebibyte,
  maxPartSize: 5 * gibibyte,
  maxParts: 10_000,
  equalParts: false,
  maxPutSize: 5 * gibibyte,
  maxObjectSize: 5 * 1024 * gibibyte,
  forbidOverwrite: true,
  forbidOverwriteOnComplete: true,
  emptyHeaders: false,
  forms: false,
}

export interface S3StoreOptions extends StoreOptions {
  /**
   * Where the store differs from {@link s3Capabilities} and from what {@link knownStores} have of it; `probeStore`
   * finds it out. Ceph RGW 16, for one, forbids overwriting on PUT but not on complete:
   * `{ forbidOverwriteOnComplete: false }`.
   */
  readonly capabilities?: Partial<StoreCapabilities>
}

/**
 * A bucket of Amazon S3, or of a store that speaks its API.
 *
 * @example
 * const store = createS3Store({
 *   location: s3Location({ bucket: 'films', region: 'us-east-1', endpoint: 'http://127.0.0.1:7480', forcePathStyle: true }),
 *   credentials: { accessKeyId, secretAccessKey },
 * })
 */
export function createS3Store({ capabilities, ...options }: S3StoreOptions): ObjectStore {
  const rules: DialectRules = {
    capabilities: {
      ...s3Capabilities,
      ...knownStoreAt(options.location)?.limits,
      ...capabilities,
    },
    crc64: s3Crc64,
    forbidOverwrite: { 'if-none-match': '*' },
    // Ceph RGW encodes keys then, but neither its markers nor a word of it; without, all of them are plain XML.
    decodeListedKey: null,
    sign: signS3Request,
    presign: presignS3Request,
    // Ceph RGW 16 takes a form's `Content-MD5` without comparing it with the file.
    signForm: null,
  }
  return createRestStore(rules, options)
}
