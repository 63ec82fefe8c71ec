import type { AttributeHeaders } from '../../store-dialect.js'

/** COS 436/7749. */
export const metadataPrefix = 'x-cos-meta-'

/** COS 436/7746 and 436/7749. */
export const attributes: AttributeHeaders = {
  storageClass: 'x-cos-storage-class',
  tags: 'x-cos-tagging',
  encryption: 'x-cos-server-side-encryption',
  encryptionBy: { store: 'AES256', kms: 'cos/kms' },
  encryptionKey: 'x-cos-server-side-encryption-cos-kms-key-id',
}
