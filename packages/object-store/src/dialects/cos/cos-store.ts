import type { DialectRules } from '../../store-dialect.js'
import type { ObjectStore, StoreCapabilities } from '../../object-store.js'
import { createRestStore } from '../../rest-store.js'
import type { StoreOptions } from '../../rest-store.js'
import { cosCapabilities } from './cos-capabilities.js'
import { signCosForm } from './cos-form.js'
import { presignCosRequest, signCosRequest } from './cos-request-signing.js'

const cosRules: Omit<DialectRules, 'capabilities'> = {
  // COS 436/40334: of every part and object, unasked.
  crc64: {
    header: 'x-cos-hash-crc64ecma',
    element: null,
    read: (text) => text,
    toCreate: {},
    toHead: {},
    toComplete: () => ({}),
  },
  forbidOverwrite: { 'x-cos-forbid-overwrite': 'true' },
  decodeListedKey: decodeURIComponent,
  sign: signCosRequest,
  presign: presignCosRequest,
  signForm: signCosForm,
}

export interface CosStoreOptions extends StoreOptions {
  /** Where the store differs from {@link cosCapabilities}: `{ forms: true }` once `probeForms` has shown it. */
  readonly capabilities?: Partial<StoreCapabilities>
}

/**
 * A bucket of Tencent COS, or of a store that speaks its API.
 *
 * @example
 * const store = createCosStore({
 *   location: cosLocation({ bucket: 'b-1250000000', region: 'ap-guangzhou' }),
 *   credentials: { accessKeyId: secretId, secretAccessKey: secretKey },
 * })
 * const { uploadId } = await store.createMultipartUpload('films/a.mp4', { contentType: 'video/mp4' })
 */
export function createCosStore({ capabilities, ...options }: CosStoreOptions): ObjectStore {
  return createRestStore({ ...cosRules, capabilities: { ...cosCapabilities, ...capabilities } }, options)
}
