import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Address } from '../address.js'
import type { Dialect } from '../routes.js'
import type { Bucket } from '../storage/bucket.js'
import type { BodyGate } from '../storage/drain.js'
import type { Storage } from '../storage/storage.js'

/** Input of an operation: the request, already authenticated and authorized, and the storage. */
export interface OperationContext {
  readonly storage: Storage
  readonly region: string
  readonly method: string
  readonly address: Address
  readonly headers: IncomingHttpHeaders
  /** API the client uses; some answers differ. `headers` always have the names of COS. */
  readonly dialect: Dialect
  readonly body: Readable
  /** Called while a body is read; lets test faults act on it. */
  readonly bodyGate: BodyGate
  /** The store's clock, milliseconds since the epoch. */
  readonly now: number
  /** `http://host` as sent by the client, for an object's `Location`. */
  readonly origin: string
  /** Whether a policy allows deleting the key; a multi-delete asks for each key. */
  readonly mayDelete: (key: string) => boolean
  /** Whether a policy or an ACL allows reading the object, in any bucket; a copy asks for its source. */
  readonly mayRead: (bucket: string, key: string, versionId?: string) => Promise<boolean>
  /** Lets a test fault delay the joining of parts or make it fail late. */
  readonly joining: () => Promise<void>
}

/** Returns the bucket of the request. @throws `NoSuchBucket` */
export function bucketOf(context: OperationContext): Bucket {
  return context.storage.get(context.address.bucket)
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: AnswerBody
}

export type AnswerBody =
  | { readonly kind: 'xml' | 'json'; readonly text: string }
  /** Sends spaces until the text is ready; if it rejects, an `<Error>` instead of the text. */
  | { readonly kind: 'late-xml'; readonly text: Promise<string> }
  /** Requires a `Content-Length` header. `close` is always called. */
  | { readonly kind: 'stream'; readonly stream: Readable; readonly close: () => Promise<void> }

export function xmlAnswer(text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers, body: { kind: 'xml', text } }
}

/** Value of a header; several values are joined by commas. */
export function headerOf(context: Pick<OperationContext, 'headers'>, name: string): string | undefined {
  const value = context.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
