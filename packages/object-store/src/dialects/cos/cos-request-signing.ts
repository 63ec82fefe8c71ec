import type { SignedRequest } from '../../store-calls.js'
import { urlOf, urlWithQuery, withoutTransportHeaders } from '../../request.js'
import type { Signing, StoreRequest } from '../../request.js'
import { authorizationHeader, signerOf } from './cos-signature.js'
import type { CosAuthorization } from './cos-signature.js'

/**
 * `request` with an `authorization` header that covers the method, path, host, all of the query and all of
 * `request.headers`. The session token is sent unsigned, as in Tencent's own SDKs (436/14048).
 */
export async function signCosRequest(request: StoreRequest, signing: Signing): Promise<SignedRequest> {
  const url = urlOf(signing.location, request.key)
  const fields = await authorize(request, signing, url)
  const { sessionToken } = signing.credentials
  return {
    method: request.method,
    url: urlWithQuery(url, request.query ?? {}),
    headers: {
      ...withoutTransportHeaders(request.headers ?? {}),
      authorization: authorizationHeader(fields),
      ...(sessionToken === undefined ? {} : { 'x-cos-security-token': sessionToken }),
    },
  }
}

/**
 * Like {@link signCosRequest}, with the signature in the query (436/14116): a URL that needs no headers except those
 * of `request`.
 */
export async function presignCosRequest(request: StoreRequest, signing: Signing): Promise<SignedRequest> {
  const url = urlOf(signing.location, request.key)
  const fields = await authorize(request, signing, url)
  const { sessionToken } = signing.credentials
  const query = {
    ...request.query,
    ...fields,
    ...(sessionToken === undefined ? {} : { 'x-cos-security-token': sessionToken }),
  }
  return {
    method: request.method,
    url: urlWithQuery(url, query),
    headers: withoutTransportHeaders(request.headers ?? {}),
  }
}

function authorize(request: StoreRequest, signing: Signing, url: URL): Promise<CosAuthorization> {
  return signerOf(signing.credentials).sign({
    method: request.method,
    path: decodeURIComponent(url.pathname),
    query: request.query ?? {},
    headers: { ...request.headers, host: url.host },
    window: signing.window,
  })
}
