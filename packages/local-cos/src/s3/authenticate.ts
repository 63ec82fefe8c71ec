import type { IncomingHttpHeaders } from 'node:http'
import { findKey, isSameSignature, type Identity } from '../authentication.js'
import { CosError, requestExpired } from '../errors.js'
import type { Account } from '../sts/account.js'
import { textOf, type S3Authorization } from './authorization.js'
import { explainS3Signature } from './explain-signature.js'
import { canonicalRequest, ChunkSigner, signingKey, signText, stringToSign } from './signature-v4.js'

/** A request as received; the signature covers it in this form. */
export interface SignedS3Request {
  readonly method: string
  /** Decoded. */
  readonly path: string
  /** Decoded, with the case of names kept. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
  readonly headers: IncomingHttpHeaders
  readonly authorization: S3Authorization
}

/** Maximum difference between the clocks in milliseconds: "within 15 minutes". */
const maxSkew = 15 * 60_000

/**
 * Checks key, time and signature.
 *
 * @param now the store's clock, milliseconds since the epoch.
 * @returns the signer, and the signer for the body's chunks.
 * @throws {@link CosError} `AccessDenied`, `InvalidAccessKeyId`, `ExpiredToken`, `RequestTimeTooSkewed`,
 *   `AuthorizationHeaderMalformed`, `SignatureDoesNotMatch`
 */
export function authenticateS3(
  request: SignedS3Request,
  now: number,
  account: Account,
): { readonly identity: Identity; readonly chunks: ChunkSigner } {
  const { authorization, headers } = request
  const { id, token, scope, timestamp, signature } = authorization
  const { secretKey, identity } = findKey(id, token, now, account)
  checkTime(authorization, now)
  const content = {
    method: request.method,
    path: request.path,
    parameters: request.parameters.filter(([name]) => name !== 'X-Amz-Signature'),
    headers: authorization.signedHeaders.map((name) => [name, textOf(headers, name) ?? ''] as const),
    payload: authorization.payload,
  }
  const canonical = canonicalRequest(content)
  const text = stringToSign(timestamp, scope, canonical)
  const key = signingKey(secretKey, scope)
  if (!isSameSignature(signature, signText(key, text))) {
    throw new CosError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      {
        elements: { AWSAccessKeyId: id, StringToSign: text, CanonicalRequest: canonical },
        explain: () => explainS3Signature({ content, timestamp, scope, given: signature, key }),
      },
    )
  }
  checkCoverage(headers, authorization)
  return { identity, chunks: new ChunkSigner(key, timestamp, scope, signature) }
}

function checkTime({ timestamp, scope, expires }: S3Authorization, now: number): void {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp)?.map(Number) ?? []
  const signedAt = Date.UTC(year ?? NaN, (month ?? NaN) - 1, day, hour, minute, second)
  if (Number.isNaN(signedAt)) {
    throw new CosError('AccessDenied', 'The date of the signature must be YYYYMMDDTHHMMSSZ.')
  }
  if (!timestamp.startsWith(scope.date)) {
    throw new CosError(
      expires === undefined ? 'AuthorizationHeaderMalformed' : 'AuthorizationQueryParametersError',
      `The date of the Credential, ${scope.date}, is not that of the request, ${timestamp}.`,
    )
  }
  if (expires === undefined) {
    if (Math.abs(now - signedAt) <= maxSkew) return
    throw new CosError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the server time is too large.',
      {
        elements: {
          RequestTime: timestamp,
          ServerTime: new Date(now).toISOString(),
          MaxAllowedSkewMilliseconds: String(maxSkew),
        },
      },
    )
  }
  if (signedAt > now + maxSkew) throw new CosError('AccessDenied', 'Request is not yet valid')
  if (now > signedAt + expires * 1000) throw requestExpired(now)
}

/** "All the x-amz-* headers of a request must be signed": anyone who sees the request could add an unsigned one. */
function checkCoverage(headers: IncomingHttpHeaders, { signedHeaders }: S3Authorization): void {
  const unsigned = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && !signedHeaders.includes(name),
  )
  if (unsigned.length === 0) return
  throw new CosError('AccessDenied', 'There were headers present in the request which were not signed', {
    elements: { HeadersNotSigned: unsigned.join(', ') },
  })
}
