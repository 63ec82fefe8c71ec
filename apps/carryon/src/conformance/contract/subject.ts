/** The backend under test, over HTTP or in memory. */
export interface Subject {
  /** Makes one call of docs/api.md. Rejects when there is no response. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Sends the bytes of one part to the store with the grant. */
  send(grant: Grant, partNumber: number, bytes: Uint8Array): Promise<StoreAnswer>
  /** Fetches a finished upload's `url` as its owner, following a redirect to the store. */
  read(url: string): Promise<{ readonly status: number; readonly bytes: Uint8Array }>
  /** Whether calls can be made as a second owner. */
  readonly hasOther: boolean
  /** Whether calls can be made unauthenticated: only when `Authorization` or a cookie identifies the owner. */
  readonly hasNobody: boolean
  /** Origin of a page that may upload; `null` when the store's CORS rules cannot be checked. */
  readonly origin: string | null
}

export interface CallOptions {
  /** Body to send as JSON. */
  readonly body?: unknown
  /** Body to send unchanged. */
  readonly text?: string
  /** `Content-Type`. Default: `application/json` when there is a body. */
  readonly type?: string
  /** Who makes the call. Default: the owner of the test uploads. */
  readonly as?: 'other' | 'nobody'
}

/** Response of a backend. */
export interface Answer {
  readonly status: number
  /** `Content-Type` without its parameters; empty when there is none. */
  readonly type: string
  readonly text: string
  /** The parsed text; `undefined` when it is not JSON. */
  readonly json: unknown
}

/** The members of an opened upload that are needed to send a part. */
export interface Grant {
  readonly access: Members
  readonly upload: Members
}

/** The store's response to a part. */
export interface StoreAnswer {
  readonly status: number
  readonly etag: string | null
  /** CRC-64 as an unsigned decimal number; `null` when the store returned none. */
  readonly crc64: string | null
  readonly text: string
}

/** A JSON object with unknown members. */
export type Members = Readonly<Record<string, unknown>>
