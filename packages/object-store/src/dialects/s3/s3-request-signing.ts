import type { SignedRequest } from '../../store-calls.js'
import type { StoreCredentials } from '../../store-description.js'
import { urlOf, urlWithQuery, withoutTransportHeaders } from '../../request.js'
import type { Signing, StoreRequest } from '../../request.js'
import { S3Signer, signedHeaderNames, timestampOf } from './s3-signature.js'

/**
 * Bodies are not hashed again: a part is verified by its ETag, a document by its signed Content-MD5, and the request
 * itself by the signature.
 */
const payloadHash = 'UNSIGNED-PAYLOAD'

const signers = new WeakMap<StoreCredentials, Map<string, S3Signer>>()

/** `request` with an `authorization` header that covers the method, path, host, all of the query and all headers. */
export async function signS3Request(request: StoreRequest, signing: Signing): Promise<SignedRequest> {
  const { accessKeyId, sessionToken } = signing.credentials
  const url = urlOf(signing.location, request.key)
  const query = request.query ?? {}
  const timestamp = timestampOf(signing.now)
  const headers = {
    ...request.headers,
    host: url.host,
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': timestamp,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  }
  const signer = signerOf(signing)
  const { method } = request
  const path = decodeURIComponent(url.pathname)
  const signature = await signer.sign({ method, path, query, headers, payloadHash, timestamp })
  return {
    method,
    url: urlWithQuery(url, query),
    headers: {
      ...withoutTransportHeaders(headers),
      authorization:
        `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${signer.scopeOf(timestamp)}, ` +
        `SignedHeaders=${signedHeaderNames(headers)}, Signature=${signature}`,
    },
  }
}

/** Longest lifetime of a presigned URL in seconds, a week (Amazon S3 API, "X-Amz-Expires"). */
const longestExpiry = 604_800

/**
 * Like {@link signS3Request}, with the signature in the query: a URL that needs no headers except those of `request`.
 */
export async function presignS3Request(request: StoreRequest, signing: Signing): Promise<SignedRequest> {
  const { accessKeyId, sessionToken } = signing.credentials
  const url = urlOf(signing.location, request.key)
  const headers = { ...request.headers, host: url.host }
  const timestamp = timestampOf(signing.now)
  const signer = signerOf(signing)
  const expires = Math.min(Math.max(1, signing.window.end - Math.floor(signing.now)), longestExpiry)
  const query = {
    ...request.query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${signer.scopeOf(timestamp)}`,
    'X-Amz-Date': timestamp,
    'X-Amz-Expires': String(expires),
    ...(sessionToken === undefined ? {} : { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-SignedHeaders': signedHeaderNames(headers),
  }
  const { method } = request
  const path = decodeURIComponent(url.pathname)
  const signature = await signer.sign({ method, path, query, headers, payloadHash, timestamp })
  return {
    method,
    url: urlWithQuery(url, { ...query, 'X-Amz-Signature': signature }),
    headers: withoutTransportHeaders(request.headers ?? {}),
  }
}

function signerOf({ credentials, location: { region } }: Signing): S3Signer {
  const byRegion = signers.get(credentials) ?? new Map<string, S3Signer>()
  signers.set(credentials, byRegion)
  const signer = byRegion.get(region) ?? new S3Signer(credentials.secretAccessKey, region)
  byRegion.set(region, signer)
  return signer
}
