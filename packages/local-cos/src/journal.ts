/** One request and its outcome. */
export interface JournalEntry {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** As in `x-cos-request-id`. */
  readonly requestId: string
  /** Operation such as `UploadPart`; also `Preflight`, `STS` or `Unknown`. */
  readonly operation: string
  /** Bucket named in the request; empty if none. */
  readonly bucket: string
  /** Object key; empty if the request is not about an object. */
  readonly key: string
  /** Set for requests about a multipart upload. */
  readonly uploadId?: string
  /** Set for requests about one part. */
  readonly partNumber?: number
  /** Number of bytes received of the request's body. */
  readonly received: number
  /** Number of bytes in the answer's body. */
  readonly sent: number
  /** HTTP status; 0 if the connection ended without an answer. */
  readonly status: number
  /** Error code, including an error sent after status 200. */
  readonly error?: string
  /** Whether a success was answered and the whole answer was handed to the network. */
  readonly acknowledged: boolean
}

/** Number of requests for an operation, and of bytes in each direction. */
export interface OperationCount {
  /** All requests, including refused and broken ones. */
  readonly requests: number
  /** Requests with a success as answer, handed to the network in full. */
  readonly acknowledged: number
  /** Body bytes received, including those of refused and broken requests. */
  readonly received: number
  /** Body bytes sent. */
  readonly sent: number
}

/** Counts by operation, such as `UploadPart`. */
export type Counters = Readonly<Record<string, OperationCount>>

/** Maximum number of entries, about 100 MB; the oldest are dropped first. */
const maxEntries = 250_000

/** Counts requests by operation and, if enabled, records each of them. */
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
