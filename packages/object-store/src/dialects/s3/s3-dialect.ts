import type { StoreCapabilities } from '../../store-description.js'
import type { StoreDialect } from '../../store-dialect.js'
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

/** Amazon S3, and stores that speak its API. */
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
  // Ceph RGW then encodes keys, but not its markers, and does not declare it; without, all of them are plain XML.
  decodeListedKey: null,
  sign: signS3Request,
  presign: presignS3Request,
  // Ceph RGW 16 takes a form's `Content-MD5` without comparing it with the file.
  signForm: null,
  commonCodes: {},
  // Amazon's API reference, "UploadPart". Where a store has no such header there is nothing to be read, and the rule does no harm.
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
