import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Address, Query } from './address.js'
import { CosError, requestExpired } from './errors.js'
import { explainSignature } from './explanation/cos-signature.js'
import { isCredential, mayBeUnsigned, type Operation } from './routes.js'
import { sign } from './signature.js'
import type { Account } from './sts/account.js'

/** Sender of a request: the account, or the holder of a temporary credential from the account, with its policy. */
export type Identity =
  | { readonly kind: 'account' }
  /** Unsigned request, where an ACL or policy admits anyone. */
  | { readonly kind: 'anyone' }
  | { readonly kind: 'federated'; readonly policy: string }

export interface SignedRequest {
  readonly method: string
  readonly operation: Operation
  /** Region of this store; used only to explain a refusal. */
  readonly region?: string
  readonly address: Address
  readonly headers: IncomingHttpHeaders
  /** The store's clock, milliseconds since the epoch. */
  readonly now: number
}

/**
 * Checks key, time and signature, from the `Authorization` header or the query.
 *
 * @throws {@link CosError} `AccessDenied`, `InvalidAccessKeyId`, `ExpiredToken`, `RequestTimeTooSkewed`,
 *   `SignatureDoesNotMatch`
 */
export function authenticate(request: SignedRequest, account: Account): Identity {
  const authorization = readAuthorization(request)
  const { secretKey, identity } = findKey(authorization.id, sessionTokenOf(request), request.now, account)
  checkTime(authorization.signTime, request.now)
  if (authorization.keyTime !== authorization.signTime) checkTime(authorization.keyTime, request.now)
  checkSignature(request, authorization, secretKey)
  checkCoverage(request, authorization)
  return identity
}

/** Whether a request carries no credentials. */
export function isUnsigned({
  headers,
  address: { query },
}: Pick<SignedRequest, 'headers' | 'address'>): boolean {
  return headers.authorization === undefined && !query.entries.some(([name]) => isCredential(name))
}

interface Authorization {
  readonly id: string
  readonly signTime: string
  readonly keyTime: string
  readonly headerList: readonly string[]
  readonly parameterList: readonly string[]
  readonly signature: string
}

function readAuthorization({ headers, address }: SignedRequest): Authorization {
  // A URL may carry the content of the header as `sign` (436/7778).
  const header =
    headers.authorization ?? (address.query.has('q-signature') ? undefined : address.query.get('sign'))
  const fields = header === undefined ? address.query : parseHeader(header)
  if (!fields.has('q-signature')) {
    throw new CosError('AccessDenied', 'Access Denied. The bucket is private and the request is not signed.')
  }
  const field = (name: string): string => {
    const value = fields.get(name)
    if (value === undefined) throw new CosError('AccessDenied', `The signature has no ${name}.`)
    return value
  }
  if (field('q-sign-algorithm') !== 'sha1')
    throw new CosError('AccessDenied', 'q-sign-algorithm must be sha1.')
  return {
    id: field('q-ak'),
    signTime: field('q-sign-time'),
    keyTime: field('q-key-time'),
    headerList: nameList(field('q-header-list')),
    parameterList: nameList(field('q-url-param-list')),
    signature: field('q-signature'),
  }
}

/** The header is a query string with unencoded values. */
function parseHeader(header: string): Pick<Query, 'get' | 'has'> {
  const fields = new Map(
    header.split('&').map((pair) => {
      const equals = pair.indexOf('=')
      return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
  return fields
}

/** @throws {@link CosError} `AccessDenied` for a name that cannot be decoded. */
function nameList(text: string): readonly string[] {
  const names = text.split(';').filter((name) => name !== '')
  names.forEach(decodeName)
  return names
}

function sessionTokenOf({ headers, address }: SignedRequest): string | undefined {
  return single(headers['x-cos-security-token']) ?? address.query.get('x-cos-security-token')
}

/** @throws {@link CosError} `InvalidAccessKeyId`, `ExpiredToken` */
export function findKey(
  id: string,
  token: string | undefined,
  now: number,
  account: Account,
): { secretKey: string; identity: Identity } {
  if (id === account.secretId) return { secretKey: account.secretKey, identity: { kind: 'account' } }
  const credential = token === undefined || token === '' ? null : account.tokens.open(token)
  if (credential === null || credential.id !== id) {
    throw new CosError(
      'InvalidAccessKeyId',
      'The access key id is not known here, or it is a temporary one whose session token is missing or forged.',
    )
  }
  if (now >= credential.expiresAt * 1000) throw new CosError('ExpiredToken', 'The session token has expired.')
  return { secretKey: credential.secretKey, identity: { kind: 'federated', policy: credential.policy } }
}

/** Seconds a signature's start may lie in the future: Tencent's own sample rounds the time up. */
const startLeeway = 2

/** @throws {@link CosError} `AccessDenied`, `RequestTimeTooSkewed` */
export function checkTime(window: string, now: number): void {
  const [, start, end] = /^(\d{1,12});(\d{1,12})$/.exec(window) ?? []
  if (start === undefined || end === undefined) {
    throw new CosError('AccessDenied', 'The times of the signature must be start;end in unix seconds.')
  }
  const seconds = Math.floor(now / 1000)
  if (seconds + startLeeway < Number(start)) {
    throw new CosError('RequestTimeTooSkewed', 'The signature is not valid yet: the clocks differ.', {
      elements: { ServerTime: new Date(now).toISOString() },
    })
  }
  if (seconds > Number(end)) throw requestExpired(now)
}

function checkSignature(request: SignedRequest, authorization: Authorization, secretKey: string): void {
  const named = new Set(authorization.parameterList)
  const content = {
    method: request.method,
    path: request.address.path,
    // Names in the list are encoded like the signed names; protocol names need no encoding.
    parameters: request.address.query.entries.filter(([name]) =>
      named.has(encodeURIComponent(name).toLowerCase()),
    ),
    headers: authorization.headerList.flatMap((name) => {
      const decoded = decodeName(name)
      const value = single(request.headers[decoded])
      return value === undefined ? [] : [[decoded, value] as const]
    }),
    keyTime: authorization.keyTime,
  }
  const expected = sign(content, secretKey)
  if (isSameSignature(authorization.signature, expected.signature)) return
  const { region = '' } = request
  const { bucket } = request.address
  throw new CosError(
    'SignatureDoesNotMatch',
    'The signature is not that of this request. Check the key, the path and the signed headers and parameters.',
    {
      elements: { StringToSign: expected.stringToSign, FormatString: expected.httpString },
      explain: () =>
        explainSignature({ ...content, bucket, region, given: authorization.signature, secretKey }),
    },
  )
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch (error) {
    throw new CosError('AccessDenied', 'A list of signed names is not percent-encoded UTF-8.', {
      cause: error,
    })
  }
}

/** Compares in constant time. */
export function isSameSignature(given: string, expected: string): boolean {
  const [actual, wanted] = [Buffer.from(given), Buffer.from(expected)]
  return actual.length === wanted.length && timingSafeEqual(actual, wanted)
}

/** Headers that Tencent's SDKs add after signing. Changing the token would be noticed; the others have no effect. */
const neverSigned = /^(?:x-cos-security-token|x-cos-sdk-.*)$/

/** Tencent's SDKs send empty headers and do not sign them. Empty metadata, however, is stored and must be signed. */
function meansNothing(name: string, value: string | readonly string[] | undefined): boolean {
  return value === '' && !name.startsWith('x-cos-meta-')
}

/**
 * Everything that changes what a request does must be signed: `x-cos-*` headers and query parameters
 * (436/7778). Otherwise anyone who sees the URL could add it.
 */
function checkCoverage({ headers, operation, address }: SignedRequest, authorization: Authorization): void {
  const header = Object.entries(headers).find(
    ([name, value]) =>
      name.startsWith('x-cos-') &&
      !neverSigned.test(name) &&
      !authorization.headerList.includes(name) &&
      !meansNothing(name, value),
  )?.[0]
  if (header !== undefined)
    throw new CosError('AccessDenied', `The header ${header} is not part of the signature.`)
  const parameter = address.query.entries.find(
    ([name]) =>
      !mayBeUnsigned(operation, name) &&
      !authorization.parameterList.includes(encodeURIComponent(name).toLowerCase()),
  )
  if (parameter !== undefined) {
    throw new CosError('AccessDenied', `The parameter ${parameter[0]} is not part of the signature.`)
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value
}
