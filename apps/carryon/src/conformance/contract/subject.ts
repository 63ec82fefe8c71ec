/** What the contract is run on: a backend over HTTP, or one in memory. */
export interface Subject {
  /** One call of docs/api.md. Rejects when no answer comes. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Sends the bytes of one part to the store as the grant says. */
  send(grant: Grant, partNumber: number, bytes: Uint8Array): Promise<StoreAnswer>
  /** What a finished upload's `url` leads to, for its owner. */
  read(url: string): Promise<{ readonly status: number; readonly bytes: Uint8Array }>
  /** Whether calls can be made as somebody else. */
  readonly hasOther: boolean
  /** Whether calls can be made as nobody, where `Authorization` or a cookie was given. */
  readonly hasNobody: boolean
  /** Of a page that may upload; `null`: it cannot be asked what the store lets a page do. */
  readonly origin: string | null
}

export interface CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is. */
  readonly text?: string
  /** `Content-Type`. Default: `application/json` where there is a body. */
  readonly type?: string
  /** Default: the owner of everything that the contract makes. */
  readonly as?: 'other' | 'nobody'
}

/** What a backend answered. */
export interface Answer {
  readonly status: number
  /** `Content-Type`, without its parameters; empty: none. */
  readonly type: string
  readonly text: string
  /** `undefined` when the text is none. */
  readonly json: unknown
}

/** Of an opened upload, what sending a part takes. */
export interface Grant {
  readonly access: Members
  readonly upload: Members
}

/** What the store answered to a part. */
export interface StoreAnswer {
  readonly status: number
  readonly etag: string | null
  /** Unsigned decimal; `null`: the store told none. */
  readonly crc64: string | null
  readonly text: string
}

/** A JSON object of unknown members. */
export type Members = Readonly<Record<string, unknown>>
