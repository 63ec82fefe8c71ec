import type { StoreCredentials, StoreLocation } from './store-description.js'
import { encodeKey, encodeQuery } from './url-encoding.js'

/** One call to a store before it is signed: what dialects sign, and what is sent. */
export interface StoreRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD'
  /** `''` is the bucket itself. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  /** Names in lower case. All of them are signed. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface Signing {
  readonly location: StoreLocation
  readonly credentials: StoreCredentials
  /** Unix seconds of the store's clock. */
  readonly now: number
  /** Validity of the signature in unix seconds; S3 signs the present time and, in URLs, the end. */
  readonly window: { readonly start: number; readonly end: number }
}

/** The URL of a key, without a query. */
export function urlOf(location: StoreLocation, key: string): URL {
  return new URL(`${location.baseUrl}/${key === '' ? '' : encodeKey(key)}`)
}

/** The URL with its encoded query. */
export function urlWithQuery(url: URL, query: Readonly<Record<string, string>>): string {
  const text = encodeQuery(query)
  return text === '' ? url.href : `${url.href}?${text}`
}

/** Headers that `fetch` and XHR set themselves and refuse from anyone else (Fetch, "forbidden request-header"). */
const setByTransport = new Set(['host', 'content-length'])

/** The headers without those that the transport sets itself; for use after signing. */
export function withoutTransportHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !setByTransport.has(name)))
}
