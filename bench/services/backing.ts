import { account } from './account.js'

/**
 * The store that contestants upload to, and its permanent key. Plain data, so that processes can send it to each
 * other.
 */
export interface Backing {
  readonly dialect: 'cos' | 's3'
  /** Origin of the store without the link; `null`: our own process, whose port is not known yet. */
  readonly url: string | null
  readonly bucket: string
  readonly region: string
  readonly keyId: string
  readonly secret: string
  /** S3 only: ARN of the role that the browsers' temporary credentials assume. */
  readonly roleArn: string | null
}

/** The embedded store, started for the run. */
export const localCos: Backing = {
  dialect: 'cos',
  url: null,
  bucket: account.bucket,
  region: account.region,
  keyId: account.secretId,
  secret: account.secretKey,
  roleArn: null,
}

/**
 * An already running S3-compatible store, configured by the same environment variables as Carryon; `null` if they are
 * not set. The bucket is created if missing, and emptied before each run.
 */
export function s3FromEnvironment(env: NodeJS.ProcessEnv): Backing | null {
  const { S3_ENDPOINT: endpoint, S3_ACCESS_KEY_ID: keyId, S3_SECRET_ACCESS_KEY: secret } = env
  if (endpoint === undefined || keyId === undefined || secret === undefined) return null
  return {
    dialect: 's3',
    url: new URL(endpoint).origin,
    bucket: env['S3_BUCKET'] ?? 'carryon-bench',
    region: env['S3_REGION'] ?? 'us-east-1',
    keyId,
    secret,
    roleArn: env['S3_ROLE_ARN'] ?? null,
  }
}
