import { bucketName } from '../address.js'

/** Address of an endpoint, and the host used for signing. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  /** Empty for the protocol's default port. */
  readonly port: string
  /** `Host` of every request; it starts with the bucket. */
  readonly host: string
}

/** The endpoint is unusable. The message says what to change. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError'
}

/**
 * @param given an address such as `http://127.0.0.1:3001` or `https://cos.ap-guangzhou.myqcloud.com`; `undefined` for
 * Tencent Cloud itself.
 * @throws {@link EndpointError}
 */
export function endpointOf(bucket: string, region: string, given: string | undefined): Endpoint {
  if (!bucketName.test(bucket)) {
    throw new EndpointError(`--bucket must be NAME-APPID in lower case, not ${JSON.stringify(bucket)}.`)
  }
  if (!/^[a-z0-9-]+$/.test(region)) {
    throw new EndpointError(`--region must be such as ap-guangzhou, not ${JSON.stringify(region)}.`)
  }
  const cloudHost = `${bucket}.cos.${region}.myqcloud.com`
  const url = parse(given ?? `https://${cloudHost}`)
  const { protocol, hostname, port } = url
  const isAddress = hostname === 'localhost' || /^[\d.]+$|^\[/.test(hostname)
  // An IP address or `localhost` contains no bucket, so send Tencent Cloud's host name, as the SDKs do with
  // their option `Ip`.
  const host = isAddress ? cloudHost : hostname.startsWith(`${bucket}.`) ? url.host : `${bucket}.${url.host}`
  const named = isAddress || hostname.startsWith(`${bucket}.`) ? hostname : `${bucket}.${hostname}`
  return { protocol, hostname: named.replace(/^\[|\]$/g, ''), port, host }
}

function parse(text: string): URL & { readonly protocol: 'http:' | 'https:' } {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !isHttp(url) || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new EndpointError(
      `--endpoint must be such as http://127.0.0.1:3001, without a path, not ${JSON.stringify(text)}.`,
    )
  }
  return url
}

function isHttp(url: URL): url is URL & { readonly protocol: 'http:' | 'https:' } {
  return url.protocol === 'http:' || url.protocol === 'https:'
}
