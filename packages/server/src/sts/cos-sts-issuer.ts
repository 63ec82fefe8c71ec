import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { optionalPackage } from '../optional-package.js'
import { cosPolicy } from './cos-policy.js'
import { type IssuedCredentials, StsError, type StsIssuer, type StsRequest } from './sts-issuer.js'

/** Options of {@link cosStsIssuer}. */
export interface CosStsOptions {
  /** Secret id of permanent credentials of a sub-account, which needs all permissions that are to be granted. */
  readonly secretId: string
  /** Secret key of {@link CosStsOptions.secretId}. */
  readonly secretKey: string
  /** Region of the STS API, such as `ap-guangzhou`. */
  readonly region: string
  /** Base URL of another STS, such as `http://127.0.0.1:3001`; by default Tencent's `https://sts.tencentcloudapi.com`. */
  readonly endpoint?: string
}

/** Seconds. A browser waits for the answer, and the SDK's default of one minute is too long for that. */
const requestTimeout = 10

/**
 * Temporary credentials from Tencent's GetFederationToken (1312/48195).
 *
 * @example
 * const sts = cosStsIssuer({ secretId, secretKey, region: 'ap-guangzhou' })
 */
export function cosStsIssuer(options: CosStsOptions): StsIssuer {
  let connecting: ReturnType<typeof connect> | undefined
  const connected = () => (connecting ??= connect(options))
  return {
    ready: connected,
    async issue({ location, scope, lifetime }: StsRequest): Promise<IssuedCredentials> {
      const policy = JSON.stringify(cosPolicy(location, scope))
      const client = await connected()
      const answer = await client
        .GetFederationToken({
          Name: 'carryon',
          // 1312/48195: "the policy must be URL-encoded".
          Policy: encodeURIComponent(policy),
          DurationSeconds: lifetime,
        })
        .catch((error: unknown) => {
          throw stsErrorOf(error)
        })
      const { Credentials: issued, ExpiredTime: expiresAt } = answer
      if (!issued?.TmpSecretId || !issued.TmpSecretKey || !issued.Token || !expiresAt) {
        throw new StsError('the STS answer lacks credentials', {
          code: 'InvalidAnswer',
          retryable: true,
          requestId: answer.RequestId,
        })
      }
      return {
        credentials: {
          accessKeyId: issued.TmpSecretId,
          secretAccessKey: issued.TmpSecretKey,
          sessionToken: issued.Token,
        },
        // The answer has no start time; the store's clock at issue is the expiry minus the lifetime.
        startsAt: expiresAt - lifetime,
        expiresAt,
      }
    },
  }
}

async function connect({ secretId, secretKey, region, endpoint }: CosStsOptions) {
  const { sts } = await optionalPackage(
    'tencentcloud-sdk-nodejs-sts',
    'Issuing temporary credentials for COS',
    () => import('tencentcloud-sdk-nodejs-sts'),
  )
  return new sts.v20180813.Client({
    credential: { secretId, secretKey },
    region,
    profile: { httpProfile: { ...endpointProfile(endpoint), reqTimeout: requestTimeout } },
  })
}

/** Uses its own agent to keep the connection open: a browser waits for each handshake. */
function endpointProfile(endpoint: string | undefined) {
  if (endpoint === undefined) {
    // With an agent, the SDK would ignore the proxy that this variable names.
    return process.env['http_proxy'] ? {} : { agent: new HttpsAgent({ keepAlive: true }) }
  }
  const url = new URL(endpoint)
  const Agent = url.protocol === 'http:' ? HttpAgent : HttpsAgent
  return { endpoint: url.host, protocol: `${url.protocol}//`, agent: new Agent({ keepAlive: true }) }
}

/** Error codes that a retry cannot fix (1312/48202). */
const final =
  /^(AuthFailure|UnauthorizedOperation|InvalidParameter|MissingParameter|UnknownParameter|UnsupportedOperation|InvalidAction|OperationDenied)/u

function stsErrorOf(error: unknown): StsError {
  const { code, requestId } = stsFields(error)
  const message = error instanceof Error ? error.message : 'the STS request failed'
  return new StsError(message, {
    code: code ?? 'NetworkError',
    requestId,
    retryable: code === undefined || !final.test(code),
    cause: error,
  })
}

function stsFields(error: unknown): { code?: string; requestId?: string } {
  if (!(error instanceof Error)) return {}
  const fields: { code?: string; requestId?: string } = {}
  if ('code' in error && typeof error.code === 'string') fields.code = error.code
  if ('requestId' in error && typeof error.requestId === 'string') fields.requestId = error.requestId
  return fields
}
