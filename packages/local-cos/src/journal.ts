/** One request and what became of it. */
export interface JournalEntry {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** As in `x-cos-request-id`. */
  readonly requestId: string
  /** Such as `UploadPart`; `Preflight`, `STS`, or `Unknown`. */
  readonly operation: string
  /** As the request names it; empty: it names none. */
  readonly bucket: string
  /** Of the object; empty: the request is about none. */
  readonly key: string
  /** Of requests about a multipart upload. */
  readonly uploadId?: string
  /** Of requests about one part. */
  readonly partNumber?: number
  /** Bytes of the request's body that arrived. */
  readonly received: number
  /** Bytes of the answer's body. */
  readonly sent: number
  /** 0 when the connection ended without an answer. */
  readonly status: number
  /** Code of the refusal, also of one that came late with status 200. */
  readonly error?: string
  /** Whether the whole answer was handed to the network and it was a success. */
  readonly acknowledged: boolean
}

/** How often an operation was asked for, and how many bytes went each way. */
export interface OperationCount {
  /** All, also those that were refused or broke off. */
  readonly requests: number
  /** Requests whose whole answer was a success and went to the network. */
  readonly acknowledged: number
  /** Body bytes that arrived, of refused and broken requests too. */
  readonly received: number
  /** Body bytes of answers. */
  readonly sent: number
}

/** Counts by operation, such as `UploadPart`. */
export type Counters = Readonly<Record<string, OperationCount>>

/** Beyond so many entries the oldest are dropped: about 100 MB. */
const maxEntries = 250_000

/** Counts every request by operation and, when asked to, keeps each. */
export class Journal {
  readonly #keep: boolean
  #entries: JournalEntry[] = []
  #counters = new Map<string, OperationCount>()

  constructor(keep: boolean) {
    this.#keep = keep
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries
  }

  get counters(): Counters {
    return Object.fromEntries(this.#counters)
  }

  add(entry: JournalEntry): void {
    const before = this.#counters.get(entry.operation) ?? {
      requests: 0,
      acknowledged: 0,
      received: 0,
      sent: 0,
    }
    this.#counters.set(entry.operation, {
      requests: before.requests + 1,
      acknowledged: before.acknowledged + (entry.acknowledged ? 1 : 0),
      received: before.received + entry.received,
      sent: before.sent + entry.sent,
    })
    if (!this.#keep) return
    this.#entries.push(entry)
    if (this.#entries.length > maxEntries) this.#entries = this.#entries.slice(maxEntries / 10)
  }

  clear(): void {
    this.#entries = []
    this.#counters = new Map()
  }
}
