import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Address } from '../address.js'
import type { Dialect } from '../routes.js'
import type { Bucket } from '../storage/bucket.js'
import type { BodyGate } from '../storage/drain.js'
import type { Storage } from '../storage/storage.js'

/** What an operation gets: the request, already signed for and allowed, and the storage. */
export interface OperationContext {
  readonly storage: Storage
  readonly region: string
  readonly method: string
  readonly address: Address
  readonly headers: IncomingHttpHeaders
  /** Headers are in the words of COS in any case; some answers differ. */
  readonly dialect: Dialect
  readonly body: Readable
  /** Runs while a body is read; where faults of tests come in. */
  readonly bodyGate: BodyGate
  /** The store's clock, milliseconds since the epoch. */
  readonly now: number
  /** `http://host` as the client called it, for the `Location` of an object. */
  readonly origin: string
  /** Whether a policy allows deleting this key: a multi-delete asks for each. */
  readonly mayDelete: (key: string) => boolean
  /** Whether a policy or an ACL allows reading that object, of whatever bucket: a copy asks for its source. */
  readonly mayRead: (bucket: string, key: string, versionId?: string) => Promise<boolean>
  /** Where a fault of tests makes the joining of parts slow, or fail late. */
  readonly joining: () => Promise<void>
}

/** The bucket the request is about. @throws `NoSuchBucket` */
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
  /** Blanks until the text is there; when it rejects, an `<Error>` instead of the text. */
  | { readonly kind: 'late-xml'; readonly text: Promise<string> }
  /** Needs `Content-Length` among the headers. `close` is called in any case. */
  | { readonly kind: 'stream'; readonly stream: Readable; readonly close: () => Promise<void> }

export function xmlAnswer(text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers, body: { kind: 'xml', text } }
}

/** A header's value; several of one name joined by commas. */
export function headerOf(context: Pick<OperationContext, 'headers'>, name: string): string | undefined {
  const value = context.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
