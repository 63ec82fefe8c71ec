import { StoreError } from '@carryon/object-store'

/** A permission that the server's key needs, by its name in the store's policies. */
export interface RequiredPermission {
  readonly name: string
  /** Whether the store has accepted this key before, which proves that the secret is right. */
  readonly secretIsVerified: boolean
}

/**
 * How to fix a failure of the store.
 * @param permission the permission that the failed call needs, if any
 */
export function remedyFor(error: unknown, permission?: RequiredPermission): string {
  if (!(error instanceof StoreError))
    return 'see docs/deploy.md for what the key and the role must be allowed'
  switch (error.code) {
    case 'RequestTimeTooSkewed':
      return "keep this machine's clock by NTP"
    case 'NoSuchBucket':
      return 'make the bucket, or correct its name and region; where the store wants the bucket in the path, S3_FORCE_PATH_STYLE=1'
    case 'NetworkError':
      return "check the store's address; where the bucket is no name in the DNS, S3_FORCE_PATH_STYLE=1"
    // COS, its S3 API (436/102489) and Aliyun OSS require the bucket in the host name.
    case 'PathStyleDomainForbidden':
    case 'SecondLevelDomainForbidden':
      return 'this store wants the bucket in the host name: leave out S3_FORCE_PATH_STYLE, or a COS_ENDPOINT that is not of the bucket itself'
    case 'SignatureDoesNotMatch':
      return 'correct the secret key'
    case 'InvalidAccessKeyId':
      return 'correct the key id'
    case 'AccessDenied':
      if (permission !== undefined) return remedyForPermission(permission)
      break
  }
  if (error.status === 403)
    return 'check the secret key, or allow this action to it; docs/deploy.md lists the least that it needs'
  if (error.status === 404) return 'correct the name and the region of the bucket'
  return "correct the bucket's address or region; the store's answer is above"
}

/** Ceph answers `AccessDenied` also for a wrong secret. */
function remedyForPermission({ name, secretIsVerified }: RequiredPermission): string {
  const what = secretIsVerified
    ? `allow ${name} to the server's key`
    : `check the secret key, or allow ${name} to it`
  return `${what}; docs/deploy.md lists the least that it needs`
}
