import { StoreError } from '@carryon/object-store'
import type { Dialect } from '@carryon/object-store'

/** What the server's key must be allowed for what is looked at, as policies call it (COS 436/30580; S3 user guide). */
const permissions = {
  cos: {
    reachBucket: 'name/cos:HeadBucket',
    readCors: 'name/cos:GetBucketCORS',
    readLifecycle: 'name/cos:GetBucketLifecycle',
    readVersioning: 'name/cos:GetBucketVersioning',
    startUpload: 'name/cos:InitiateMultipartUpload',
    listParts: 'name/cos:ListParts',
    listUploads: 'name/cos:ListMultipartUploads',
    endUpload: 'name/cos:AbortMultipartUpload',
  },
  s3: {
    reachBucket: 's3:ListBucket',
    readCors: 's3:GetBucketCORS',
    readLifecycle: 's3:GetLifecycleConfiguration',
    readVersioning: 's3:GetBucketVersioning',
    startUpload: 's3:PutObject',
    listParts: 's3:ListMultipartUploadParts',
    listUploads: 's3:ListBucketMultipartUploads',
    endUpload: 's3:AbortMultipartUpload',
  },
} as const

export const permissionsOf = (dialect: Dialect) => permissions[dialect]

/**
 * What to do about a failure of the store.
 * @param permission that the failed call needs, where that is one
 */
export function fixOf(error: unknown, permission?: string): string {
  if (!(error instanceof StoreError))
    return 'see docs/deploy.md for what the key and the role must be allowed'
  switch (error.code) {
    case 'RequestTimeTooSkewed':
      return "keep this machine's clock by NTP"
    case 'NoSuchBucket':
      return 'make the bucket, or correct its name and region; where the store wants the bucket in the path, S3_FORCE_PATH_STYLE=1'
    case 'NetworkError':
      return "check the store's address; where the bucket is no name in the DNS, S3_FORCE_PATH_STYLE=1"
    // COS and its S3 gate (436/102489), and Aliyun's OSS: the bucket has to stand in the host name.
    case 'PathStyleDomainForbidden':
    case 'SecondLevelDomainForbidden':
      return 'this store wants the bucket in the host name: leave out S3_FORCE_PATH_STYLE, or a COS_ENDPOINT that is not of the bucket itself'
    case 'SignatureDoesNotMatch':
      return 'correct the secret key'
    case 'InvalidAccessKeyId':
      return 'correct the key id'
    case 'AccessDenied':
      // Ceph says this of a wrong secret, too; once the bucket was reached the secret is right.
      if (permission === permissions.cos.reachBucket || permission === permissions.s3.reachBucket)
        return `check the secret key, or allow ${permission} to it; docs/deploy.md lists the least that it needs`
      if (permission !== undefined)
        return `allow ${permission} to the server's key; docs/deploy.md lists the least that it needs`
      break
  }
  if (error.status === 403)
    return 'check the secret key, or allow this action to it; docs/deploy.md lists the least that it needs'
  if (error.status === 404) return 'correct the name and the region of the bucket'
  return "correct the bucket's address or region; the store's answer is above"
}
