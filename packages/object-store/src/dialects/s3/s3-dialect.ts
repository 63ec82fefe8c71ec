import type { StoreCapabilities } from '../../store-description.js'
import type { StoreDialect } from '../../store-dialect.js'
import { s3Crc64 } from './s3-crc64.js'
import { presignS3Request, signS3Request } from './s3-request-signing.js'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3

/**
 * What Amazon S3 verifies and allows ("Amazon S3 multipart upload limits"), like most S3-compatible stores. An ETag
 * is a part's MD5 unless the bucket encrypts with SSE-KMS or SSE-C.
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

/** Amazon S3 and S3-compatible stores. */
export const s3Dialect: StoreDialect = {
  name: 's3',
  label: 'S3-compatible',
  capabilities: s3Capabilities,
  crc64: s3Crc64,
  forbidOverwrite: { 'if-none-match': '*' },
  metadataPrefix: 'x-amz-meta-',
  // Amazon's API reference, "CreateMultipartUpload".
  attributes: {
    storageClass: 'x-amz-storage-class',
    tags: 'x-amz-tagging',
    encryption: 'x-amz-server-side-encryption',
    encryptionBy: { store: 'AES256', kms: 'aws:kms' },
    encryptionKey: 'x-amz-server-side-encryption-aws-kms-key-id',
  },
  // With `encoding-type`, Ceph RGW encodes keys but not markers, and does not declare it; without it, both are plain
  // XML.
  decodeListedKey: null,
  sign: signS3Request,
  presign: presignS3Request,
  // Ceph RGW 16 accepts a form's `Content-MD5` without comparing it to the file.
  signForm: null,
  commonCodes: {},
  // Amazon's API reference, "UploadPart". For a store without such a header the rule is harmless.
  cors: {
    methods: ['PUT', 'GET', 'HEAD'],
    requestHeaders: ['x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token', 'if-none-match'],
    answerHeaders: ['x-amz-request-id', s3Crc64.header],
  },
  // S3 user guide, "Actions, resources, and condition keys".
  permissions: {
    reachBucket: 's3:ListBucket',
    readCors: 's3:GetBucketCORS',
    readLifecycle: 's3:GetLifecycleConfiguration',
    readVersioning: 's3:GetBucketVersioning',
    startUpload: 's3:PutObject',
    listParts: 's3:ListMultipartUploadParts',
    listUploads: 's3:ListBucketMultipartUploads',
    endUpload: 's3:AbortMultipartUpload',
  },
}
