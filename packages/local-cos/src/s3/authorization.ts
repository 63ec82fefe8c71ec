import type { IncomingHttpHeaders } from 'node:http'
import { CosError } from '../errors.js'
import { algorithm, type Scope } from './signature-v4.js'

/** Signature data of an S3 request. */
export interface S3Authorization {
  readonly id: string
  readonly scope: Scope
  /** `20130524T000000Z` */
  readonly timestamp: string
  /** In lower case. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** Session token of a temporary credential. */
  readonly token: string | undefined
  /** Value of `x-amz-content-sha256`: a hash, or a keyword such as `UNSIGNED-PAYLOAD`. */
  readonly payload: string
  /** Seconds a presigned URL is valid; `undefined` if the signature is in the header. */
  readonly expires: number | undefined
}

export const unsignedPayload = 'UNSIGNED-PAYLOAD'

/** Query parameters of a presigned URL that carry its signature data. Names in lower case. */
export const credentialParameters: ReadonlySet<string> = new Set([
  'x-amz-algorithm',
  'x-amz-content-sha256',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
])

/**
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 *
 * @throws {@link CosError} `AuthorizationHeaderMalformed`, `AccessDenied` (no date), `InvalidRequest` (no hash)
 */
export function readAuthorizationHeader(text: string, headers: IncomingHttpHeaders): S3Authorization {
  const fields = new Map(
    text
      .slice(algorithm.length)
      .split(',')
      .map((field) => {
        const equals = field.indexOf('=')
        return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()] as const
      }),
  )
  const malformed = (why: string): CosError =>
    new CosError('AuthorizationHeaderMalformed', `The authorization header is malformed: ${why}.`)
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) =>
    fields.get(name),
  )
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    throw malformed('it needs Credential, SignedHeaders and Signature')
  }
  const timestamp = textOf(headers, 'x-amz-date')
  if (timestamp === undefined) throw new CosError('AccessDenied', 'A signed request needs x-amz-date.')
  const payload = textOf(headers, 'x-amz-content-sha256')
  if (payload === undefined) {
    throw new CosError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  }
  return {
    ...readCredential(credential, malformed),
    timestamp,
    signedHeaders: readNames(signedHeaders, malformed),
    signature,
    token: textOf(headers, 'x-amz-security-token'),
    payload,
    expires: undefined,
  }
}

/** "The maximum is 604800 seconds (seven days)." */
const maxExpires = 604_800

/**
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *
 * @param parameters names in lower case.
 * @throws {@link CosError} `AuthorizationQueryParametersError`, `InvalidArgument` (a repeated parameter)
 */
export function readPresigned(
  parameters: readonly (readonly [name: string, value: string])[],
  headers: IncomingHttpHeaders,
): S3Authorization {
  const malformed = (why: string): CosError => new CosError('AuthorizationQueryParametersError', `${why}.`)
  const fields = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (!credentialParameters.has(name)) continue
    if (fields.has(name)) throw new CosError('InvalidArgument', `The parameter ${name} is there twice.`)
    fields.set(name, value)
  }
  const field = (name: string): string => {
    const value = fields.get(name.toLowerCase())
    if (value === undefined) throw malformed(`A presigned URL needs ${name}`)
    return value
  }
  if (field('X-Amz-Algorithm') !== algorithm) throw malformed(`X-Amz-Algorithm only supports ${algorithm}`)
  const expires = field('X-Amz-Expires')
  if (!/^\d{1,7}$/.test(expires) || Number(expires) < 1 || Number(expires) > maxExpires) {
    throw malformed(`X-Amz-Expires must be 1 to ${maxExpires} seconds`)
  }
  return {
    ...readCredential(field('X-Amz-Credential'), malformed),
    timestamp: field('X-Amz-Date'),
    signedHeaders: readNames(field('X-Amz-SignedHeaders'), malformed),
    signature: field('X-Amz-Signature'),
    token: fields.get('x-amz-security-token') ?? textOf(headers, 'x-amz-security-token'),
    payload: fields.get('x-amz-content-sha256') ?? textOf(headers, 'x-amz-content-sha256') ?? unsignedPayload,
    expires: Number(expires),
  }
}

function readCredential(
  text: string,
  malformed: (why: string) => CosError,
): Pick<S3Authorization, 'id' | 'scope'> {
  const [, id, date, region, service] =
    /^([^/]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9]+)\/aws4_request$/.exec(text) ?? []
  if (id === undefined || date === undefined || region === undefined || service === undefined) {
    throw malformed('the Credential must be <access key id>/<YYYYMMDD>/<region>/s3/aws4_request')
  }
  if (service !== 's3') throw malformed(`the Credential is for the service ${service}, not s3`)
  return { id, scope: { date, region, service } }
}

function readNames(text: string, malformed: (why: string) => CosError): readonly string[] {
  const names = text.toLowerCase().split(';')
  if (!names.includes('host')) throw malformed('the host is not among the signed headers')
  if (new Set(names).size < names.length) throw malformed('a header is signed twice')
  return names
}

export function textOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(',') : value
}
