/** Why there was no response, as a message, and whether waiting can help. */
export interface ConnectionFailure {
  readonly message: string
  /**
   * `never`: the user has to correct something. `unknown-name`: like `never` before the first response; after it the name
   * was right, so the network, and with it name resolution, may be down.
   */
  readonly recovery: 'in-time' | 'unknown-name' | 'never'
}

/**
 * Explains an error of Node's `fetch`.
 * @param url the requested URL
 */
export function connectionFailure(error: unknown, url: URL): ConnectionFailure {
  const host = url.host
  const { code, message } = innermost(error)
  if (code === 'ENOTFOUND') {
    return { message: `there is no host ${url.hostname}; check the spelling`, recovery: 'unknown-name' }
  }
  if (code === 'EAI_AGAIN') {
    return { message: `the name ${url.hostname} cannot be looked up now`, recovery: 'in-time' }
  }
  if (code === 'ECONNREFUSED') return { message: `nothing listens at ${host}`, recovery: 'in-time' }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return { message: `the certificate of ${host} is for another name: ${message}`, recovery: 'never' }
  }
  if (certificateCodes.has(code)) {
    return {
      message: `the certificate of ${host} is not accepted (${message}); NODE_EXTRA_CA_CERTS names a file with an authority of your own`,
      recovery: 'never',
    }
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return {
      message: `${host} does not speak TLS as it should; is it http:// and not https://?`,
      recovery: 'never',
    }
  }
  if (code.startsWith('HPE_')) {
    return { message: `${host} answers no HTTP; is it https:// and not http://?`, recovery: 'never' }
  }
  if (message === 'bad port') return { message: `port ${url.port} is not for HTTP`, recovery: 'never' }
  if (slowCodes.has(code)) return { message: `${host} does not answer`, recovery: 'in-time' }
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') {
    return { message: `${host} closed the connection`, recovery: 'in-time' }
  }
  return { message: `${host} cannot be reached (${message})`, recovery: 'in-time' }
}

/** OpenSSL's certificate errors, by Node's names. */
const certificateCodes: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
])

const slowCodes: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** The last error in the chain of causes: `fetch` wraps the connection error. */
function innermost(error: unknown): { readonly code: string; readonly message: string } {
  let found = error
  while (found instanceof Error && found.cause instanceof Error) found = found.cause
  // Node throws an AggregateError when it tried several addresses of one host.
  if (found instanceof AggregateError && found.message === '') found = found.errors[0] ?? found
  if (!(found instanceof Error)) return { code: '', message: String(found) }
  const code: unknown = Reflect.get(found, 'code')
  if (found.name === 'TimeoutError') return { code: 'ETIMEDOUT', message: found.message }
  return { code: typeof code === 'string' ? code : '', message: found.message }
}
