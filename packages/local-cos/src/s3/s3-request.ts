import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { parametersOf, Query, type Address } from '../address.js'
import { isUnsigned, type Identity } from '../authentication.js'
import { CosError } from '../errors.js'
import type { Operation } from '../routes.js'
import type { Account } from '../sts/account.js'
import { authenticateS3 } from './authenticate.js'
import {
  credentialParameters,
  readAuthorizationHeader,
  readPresigned,
  textOf,
  unsignedPayload,
  type S3Authorization,
} from './authorization.js'
import { checksumHeaders } from './checksums.js'
import { cosHeaders } from './headers.js'
import { contentHeaders, contentOf, readPayload, withoutHeaders, type Payload } from './payload.js'
import { algorithm } from './signature-v4.js'

/** An S3 request, translated to COS except for its signature and body. */
export interface S3Request {
  /** Excludes the signature's parameters. */
  readonly address: Address
  readonly headers: IncomingHttpHeaders
  /** `undefined` if the request is unsigned. */
  readonly authorization: S3Authorization | undefined
  readonly payload: Payload
}

type SignedS3 = S3Request & { readonly authorization: S3Authorization }

export function isSigned(request: S3Request): request is SignedS3 {
  return request.authorization !== undefined
}

/** Whether a request uses anything specific to S3. */
export function speaksS3({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): boolean {
  return (
    isS3Signature(headers.authorization) ||
    /[?&]x-(?:amz-[^&=]*|id)=/i.test(url) ||
    Object.keys(headers).some((name) => name.startsWith('x-amz-'))
  )
}

function isS3Signature(authorization: string | undefined): boolean {
  return authorization !== undefined && /^AWS/.test(authorization)
}

/**
 * Parses a request for which {@link speaksS3} is true.
 *
 * @throws {@link CosError} `InvalidArgument` (two signatures), `InvalidRequest` (Signature Version 2),
 *   `NotImplemented`, and the errors of {@link readAuthorizationHeader}, {@link readPresigned} and
 *   {@link readPayload}.
 */
export function readS3Request(
  { method = 'GET', headers: original }: Pick<IncomingMessage, 'method' | 'headers'>,
  address: Address,
  region: string,
): S3Request {
  refuseTwoSignatures(original, address)
  const presigned = isPresigned(address)
  const authorization = presigned
    ? readPresigned(address.query.entries, original)
    : original.authorization === undefined
      ? undefined
      : readAuthorizationHeader(original.authorization, original)
  const headers = presigned ? { ...original, ...hoistedHeaders(original, address) } : original
  const contentSha256 = authorization?.payload ?? textOf(headers, 'x-amz-content-sha256') ?? unsignedPayload
  const payload = readPayload(contentSha256, headers)
  if (payload.chunked?.signed === true && (authorization === undefined || presigned)) {
    throw new CosError('InvalidRequest', 'Signed chunks need a signature in the Authorization header.')
  }
  return {
    address: { ...address, query: ownQuery(address.query, presigned) },
    headers: cosHeaders(contentHeaders(withoutHeaders(headers, ['authorization']), payload), method, region),
    authorization,
    payload,
  }
}

function isPresigned({ query }: Address): boolean {
  return ['x-amz-algorithm', 'x-amz-credential', 'x-amz-signature'].some((name) => query.has(name))
}

function refuseTwoSignatures(headers: IncomingHttpHeaders, address: Address): void {
  const inHeader = isS3Signature(headers.authorization)
  const others = inHeader ? { ...headers, authorization: undefined } : headers
  const byCos =
    !isUnsigned({ headers: others, address }) ||
    ['x-cos-security-token', 'x-ci-security-token'].some((name) => headers[name] !== undefined)
  if ([inHeader, isPresigned(address), byCos].filter(Boolean).length > 1) {
    throw new CosError('InvalidArgument', 'Only one auth mechanism allowed: the request has two signatures.')
  }
  if (byCos) {
    throw new CosError(
      'NotImplemented',
      'Headers and parameters x-amz-… need a signature of S3, and this request has one of COS. Nothing was done.',
    )
  }
  if (inHeader && headers.authorization?.startsWith(algorithm) === false) {
    throw new CosError(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Please use ${algorithm}.`,
    )
  }
}

/** A presigned URL may carry headers in its query. */
function hoistedHeaders(headers: IncomingHttpHeaders, { query }: Address): IncomingHttpHeaders {
  const hoisted: IncomingHttpHeaders = {}
  for (const [name, value] of query.entries) {
    if (!isHoisted(name)) continue
    if (headers[name] !== undefined || hoisted[name] !== undefined) {
      throw new CosError('InvalidArgument', `${name} is there twice.`)
    }
    hoisted[name] = value
  }
  return hoisted
}

function isHoisted(name: string): boolean {
  return name.startsWith('x-amz-') && !credentialParameters.has(name)
}

/** Amazon's SDKs add `x-id`, the operation's name, for logging. */
function ownQuery({ entries }: Query, presigned: boolean): Query {
  return new Query(entries.filter(([name]) => name !== 'x-id' && !(presigned && name.startsWith('x-amz-'))))
}

/** Identifies the sender and returns the body. @throws the errors of {@link authenticateS3} */
export function identifyS3(
  request: IncomingMessage,
  { address, authorization, payload }: SignedS3,
  now: number,
  account: Account,
): { readonly identity: Identity; readonly body: Readable } {
  const { identity, chunks } = authenticateS3(
    {
      method: request.method ?? 'GET',
      path: address.path,
      parameters: parametersOf((request.url ?? '').split('?').slice(1).join('?')),
      headers: request.headers,
      authorization,
    },
    now,
    account,
  )
  return { identity, body: contentOf(request, payload, chunks) }
}

/**
 * Refuses uses of S3 headers and bodies that are not supported in this operation.
 *
 * @throws {@link CosError} `NotImplemented`, `InvalidRequest`
 */
export function refuseUnsupportedS3({ payload }: S3Request, operation: Operation): void {
  if (operation === 'PostObject') {
    throw new CosError('InvalidRequest', 'A form is signed by its policy and must not be signed again.')
  }
  // Here the checksums are of the object, not of the body.
  if (operation === 'CompleteMultipartUpload' && payload.checksums.size > 0) {
    throw new CosError(
      'NotImplemented',
      `${checksumHeaders.join(', ')} of CompleteMultipartUpload are not part of this store. Nothing was done.`,
    )
  }
}
