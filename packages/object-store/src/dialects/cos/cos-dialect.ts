import type { StoreDialect } from '../../store-dialect.js'
import { cosCapabilities } from './cos-capabilities.js'
import { signCosForm } from './cos-form.js'
import { attributes, metadataPrefix } from './cos-headers.js'
import { presignCosRequest, signCosRequest } from './cos-request-signing.js'

/** Tencent COS. */
export const cosDialect: StoreDialect = {
  name: 'cos',
  label: 'COS',
  capabilities: cosCapabilities,
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
  metadataPrefix,
  attributes,
  decodeListedKey: decodeURIComponent,
  sign: signCosRequest,
  presign: presignCosRequest,
  signForm: signCosForm,
  commonCodes: {},
  // COS 436/7751 and 436/8279; POST for forms, 436/14690.
  cors: {
    methods: ['PUT', 'POST', 'GET', 'HEAD'],
    requestHeaders: ['x-cos-security-token', 'x-cos-forbid-overwrite'],
    answerHeaders: ['x-cos-request-id', 'x-cos-hash-crc64ecma'],
  },
  // COS 436/30580.
  permissions: {
    reachBucket: 'name/cos:HeadBucket',
    readCors: 'name/cos:GetBucketCORS',
    readLifecycle: 'name/cos:GetBucketLifecycle',
    readVersioning: 'name/cos:GetBucketVersioning',
    startUpload: 'name/cos:InitiateMultipartUpload',
    listParts: 'name/cos:ListParts',
    listUploads: 'name/cos:ListMultipartUploads',
    endUpload: 'name/cos:AbortMultipartUpload',
  },
}
