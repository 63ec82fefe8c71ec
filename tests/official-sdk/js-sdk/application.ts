import { bucket, nodeClient } from '../support/node-client.js'
import type { StoreUnderTest } from '../support/store-under-test.js'
import { resource, temporaryCredentials } from '../support/temporary-credentials.js'
import type { StsAnswer } from './page-server.js'

/**
 * The CORS rule that Tencent's guide requires before a page may use the SDK (436/11459), plus the checksum header.
 * ETag must be exposed, or the SDK cannot complete an upload.
 */
export async function allowPages(store: StoreUnderTest): Promise<void> {
  await nodeClient(store).putBucketCors({
    ...bucket,
    CORSRules: [
      {
        AllowedOrigin: ['*'],
        AllowedMethod: ['PUT', 'GET', 'POST', 'DELETE', 'HEAD'],
        AllowedHeader: ['*'],
        ExposeHeader: ['ETag', 'Content-Length', 'Date', 'x-cos-request-id', 'x-cos-hash-crc64ecma'],
        MaxAgeSeconds: 5,
      },
    ],
  })
}

/** Actions the SDK needs to upload, as in Tencent's own sample server, and to read and abort. */
const uploadActions = [
  'name/cos:PutObject',
  'name/cos:InitiateMultipartUpload',
  'name/cos:ListMultipartUploads',
  'name/cos:ListParts',
  'name/cos:UploadPart',
  'name/cos:CompleteMultipartUpload',
  'name/cos:AbortMultipartUpload',
  'name/cos:GetObject',
]

/** Credentials for a prefix, directly from the store's STS, in the format of `GET /sts`. */
export async function sdkCredentials(store: StoreUnderTest, prefix: string): Promise<StsAnswer> {
  const lifetime = 1800
  const given = await temporaryCredentials(
    store,
    [{ effect: 'allow', action: uploadActions, resource: resource(`${prefix}*`) }],
    lifetime,
  )
  return {
    credentials: {
      tmpSecretId: given.SecretId,
      tmpSecretKey: given.SecretKey,
      sessionToken: given.SecurityToken,
    },
    startTime: given.expiredTime - lifetime,
    expiredTime: given.expiredTime,
    bucket: bucket.Bucket,
    region: bucket.Region,
    prefix,
  }
}
