import { sts } from 'tencentcloud-sdk-nodejs-sts'
import { account, type StoreUnderTest } from './store-under-test.js'
import type { SdkCredentials } from './node-client.js'

/** One statement of a policy in the access policy language 2.0 (436/31923). */
export interface Statement {
  readonly effect: 'allow' | 'deny'
  readonly action: string | readonly string[]
  readonly resource: string | readonly string[]
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | number | readonly string[]>>>>
}

export interface TemporaryCredentials extends SdkCredentials {
  readonly SecurityToken: string
  /** Unix seconds. */
  readonly expiredTime: number
}

/** The six-segment resource name of a key (or of a prefix with `*`) in the suites' bucket. */
export function resource(key: string): string {
  return `qcs::cos:${account.region}:uid/${account.appId}:${account.bucket}/${key}`
}

/** Full access to the whole bucket, as its owner would have. */
export const everything: readonly Statement[] = [
  { effect: 'allow', action: 'name/cos:*', resource: resource('*') },
]

/** Tencent's maintained API 3.0 client (TC3-HMAC-SHA256), directed at the store. */
export function stsClient(
  store: Pick<StoreUnderTest, 'address'>,
  key: { secretId: string; secretKey: string } = account,
): InstanceType<typeof sts.v20180813.Client> {
  return new sts.v20180813.Client({
    credential: { secretId: key.secretId, secretKey: key.secretKey },
    region: account.region,
    profile: { httpProfile: { endpoint: store.address, protocol: 'http://', reqTimeout: 10 } },
  })
}

/** Temporary credentials limited to these statements, from the store's own STS. */
export async function temporaryCredentials(
  store: Pick<StoreUnderTest, 'address'>,
  statement: readonly Statement[],
  durationSeconds = 1800,
): Promise<TemporaryCredentials> {
  const answer = await stsClient(store).GetFederationToken({
    Name: 'official-sdk-suite',
    Policy: encodeURIComponent(JSON.stringify({ version: '2.0', statement })),
    DurationSeconds: durationSeconds,
  })
  const { Credentials, ExpiredTime } = answer
  if (
    Credentials?.TmpSecretId === undefined ||
    Credentials.TmpSecretKey === undefined ||
    Credentials.Token === undefined ||
    ExpiredTime === undefined
  ) {
    throw new Error(`STS answered no credentials: ${JSON.stringify(answer)}`)
  }
  return {
    SecretId: Credentials.TmpSecretId,
    SecretKey: Credentials.TmpSecretKey,
    SecurityToken: Credentials.Token,
    expiredTime: ExpiredTime,
  }
}
