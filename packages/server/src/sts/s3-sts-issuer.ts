import type * as Sdk from '@aws-sdk/client-sts'
import { optionalPackage } from '../optional-package.js'
import { s3Policy } from './s3-policy.js'
import { type IssuedCredentials, StsError, type StsIssuer, type StsRequest } from './sts-issuer.js'

/** Options of {@link s3StsIssuer}. */
export interface S3StsOptions {
  /** Access key id of a user that may assume the role. @default credentials that Amazon's SDK finds on this machine */
  readonly accessKeyId?: string
  /** Secret key of {@link S3StsOptions.accessKeyId}. */
  readonly secretAccessKey?: string
  /** Region of the STS, such as `eu-central-1`. */
  readonly region: string
  /**
   * A role that may write to the bucket: `arn:aws:iam::123456789012:role/uploader`. Browsers get only a subset of its
   * permissions.
   */
  readonly roleArn: string
  /** Base URL of the STS; Ceph and MinIO serve it at the same address as S3. By default Amazon's in that region. */
  readonly endpoint?: string
}

/** Milliseconds. A browser waits for the answer. */
const requestTimeout = 10_000

/** Error codes of AssumeRole that a retry cannot fix (STS API reference, "AssumeRole" and "Common errors"). */
const final =
  /^(AccessDenied|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|MalformedPolicyDocument|PackedPolicyTooLarge|RegionDisabled|Validation|NoSuchEntity|InvalidArgument)/u

/**
 * Temporary credentials from AssumeRole with a session policy, which narrows the role's permissions to the scope.
 *
 * On S3 the permission to upload parts of a key is the permission to write that key (see `s3Policy`). Until the credentials
 * expire, a browser could therefore also complete its own upload, overwrite its own key, or create further multipart
 * uploads of it (which the sweeper removes). If that is too much, do without STS: signed part URLs allow only their part.
 *
 * @example
 * const sts = s3StsIssuer({ accessKeyId, secretAccessKey, region: 'us-east-1', roleArn })
 */
export function s3StsIssuer(options: S3StsOptions): StsIssuer {
  const { roleArn } = options
  const [, partition] = roleArn.split(':')
  let connecting: ReturnType<typeof connect> | undefined
  const connected = () => (connecting ??= connect(options))
  return {
    ready: connected,
    async issue({ location, scope, lifetime }: StsRequest): Promise<IssuedCredentials> {
      const { client, sdk } = await connected()
      const command = new sdk.AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: 'carryon',
        Policy: JSON.stringify(s3Policy(location, scope, partition)),
        DurationSeconds: lifetime,
      })
      const { Credentials: issued, $metadata } = await client.send(command).catch((error: unknown) => {
        throw stsErrorOf(error, sdk)
      })
      if (!issued?.AccessKeyId || !issued.SecretAccessKey || !issued.SessionToken || !issued.Expiration) {
        throw new StsError('the STS answer lacks credentials', {
          code: 'InvalidAnswer',
          retryable: true,
          requestId: $metadata.requestId,
        })
      }
      const expiresAt = Math.floor(issued.Expiration.getTime() / 1_000)
      return {
        credentials: {
          accessKeyId: issued.AccessKeyId,
          secretAccessKey: issued.SecretAccessKey,
          sessionToken: issued.SessionToken,
        },
        // The answer has no start time; the store's clock at issue is the expiry minus the lifetime.
        startsAt: expiresAt - lifetime,
        expiresAt,
      }
    },
  }
}

async function connect({ accessKeyId, secretAccessKey, region, endpoint }: S3StsOptions) {
  const sdk = await optionalPackage(
    '@aws-sdk/client-sts',
    'Issuing temporary credentials for S3',
    () => import('@aws-sdk/client-sts'),
  )
  const client = new sdk.STSClient({
    region,
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: { requestTimeout, connectionTimeout: requestTimeout, throwOnRequestTimeout: true },
  })
  return { client, sdk }
}

function stsErrorOf(error: unknown, { STSServiceException }: typeof Sdk): StsError {
  if (!(error instanceof STSServiceException)) {
    const message = error instanceof Error ? error.message : 'the STS request failed'
    return new StsError(message, { code: 'NetworkError', retryable: true, cause: error })
  }
  return new StsError(error.message || `the STS answered ${error.name}`, {
    code: error.name,
    requestId: error.$metadata.requestId,
    retryable: !final.test(error.name),
    cause: error,
  })
}
