import { account } from './account.js'

/** The store that contestants send to, and the key that owns it. Plain data: processes hand it to one another. */
export interface Backing {
  readonly dialect: 'cos' | 's3'
  /** Where it is reached without the link: an origin. `null`: a process of ours, whose port is not known yet. */
  readonly url: string | null
  readonly bucket: string
  readonly region: string
  readonly keyId: string
  readonly secret: string
  /** S3 only: the role that browsers' credentials come from. */
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
 * An S3-compatible store that runs already, from the variables that also configure Carryon; `null` when they are not
 * there. The bucket is made when missing, and emptied before each run.
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
