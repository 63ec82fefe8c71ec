import type { CredentialProvider } from '@carryon/object-store'
import { optionalPackage } from '../optional-package.js'
import { StsError } from '../sts/sts-issuer.js'

/** Options of {@link awsCredentials}. */
export interface AwsCredentialsOptions {
  /** Region of the STS, for assuming a role. */
  readonly region: string
}

/**
 * Credentials as Amazon's SDK finds them on this machine: environment (`AWS_ACCESS_KEY_ID`), shared files and SSO, web
 * identity (EKS), container (ECS, EKS Pod Identity), and the role of an EC2 instance. They are renewed before they expire.
 *
 * @example createS3Store({ location, credentials: awsCredentials({ region: 'us-east-1' }) })
 */
export function awsCredentials({ region }: AwsCredentialsOptions): CredentialProvider {
  let provide: (() => Promise<FoundCredentials>) | undefined
  return async () => {
    provide ??= await providerChain(region)
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provide().catch(
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        throw new StsError(`no credentials were found on this machine: ${reason}`, {
          code: 'CredentialsUnavailable',
          retryable: true,
          cause: error,
        })
      },
    )
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      ...(expiration !== undefined && { expiresAt: Math.floor(expiration.getTime() / 1_000) }),
    }
  }
}

interface FoundCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

/**
 * An SDK client without explicit credentials uses the SDK's provider chain, which caches the result until shortly before
 * it expires.
 */
async function providerChain(region: string): Promise<() => Promise<FoundCredentials>> {
  const { STSClient } = await optionalPackage(
    '@aws-sdk/client-sts',
    'Finding credentials for S3 on this machine',
    () => import('@aws-sdk/client-sts'),
  )
  const { credentials } = new STSClient({ region }).config
  return () => credentials()
}
