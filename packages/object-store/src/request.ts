import type { StoreCredentials, StoreLocation } from './store-description.js'
import { encodeKey, encodeQuery } from './url-encoding.js'

/** One call to a store, before it is signed: what dialects sign and what goes on the wire, in one place. */
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
  /** Between which the signature is to be valid, unix seconds; S3 signs the present and, in URLs, the end. */
  readonly window: { readonly start: number; readonly end: number }
}

/** The address of what `request` is about, without a query. */
export function urlOf(location: StoreLocation, key: string): URL {
  return new URL(`${location.baseUrl}/${key === '' ? '' : encodeKey(key)}`)
}

/** The same with the query that goes on the wire. */
export function urlWithQuery(url: URL, query: Readonly<Record<string, string>>): string {
  const text = encodeQuery(query)
  return text === '' ? url.href : `${url.href}?${text}`
}

/** Headers that `fetch` and XHR set themselves and refuse from anyone else (Fetch, "forbidden request-header"). */
const setByTransport = new Set(['host', 'content-length'])

/** What is left to be sent by hand once everything is signed. */
export function withoutTransportHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !setByTransport.has(name)))
}
