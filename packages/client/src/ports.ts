import type { Crc64Type } from '@carryon/hash'

/** The ports between the uploader and the world: each has a fake for simulation and at least one real implementation. */

/** All waiting goes through it, so that a whole upload with faults can run in simulated time. */
export interface Clock {
  /** Milliseconds; monotonic. */
  now(): number
  /** Unix milliseconds of the local clock, which may be wrong. */
  wallTime(): number
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Where the bytes of one file come from. */
export interface FileSource {
  /** As it was picked: data, never a path. */
  readonly name: string
  /** Bytes, as of the moment of picking. */
  readonly size: number
  /** Media type; may be empty. */
  readonly type: string
  /** A lazy view of bytes `start` (inclusive) to `end` (exclusive); reads nothing yet. */
  slice(start: number, end: number): Blob
  /** Unix milliseconds, as of the moment of picking, where known. */
  readonly lastModified: number | null
  /** Where it is in the folder that was picked, `films/a.mp4`; empty or absent: it was picked by itself. */
  readonly webkitRelativePath?: string
  /** `true` where reading a slice fails by itself once the file was changed after picking. */
  readonly failsWhenChanged?: boolean
  /** Of a copy of which parts are gone, for they were sent: what they were. */
  readonly known?: KnownContent
  /** Called when it is this upload's turn: a copy may have lost parts that another tab has sent. */
  refresh?(): Promise<void>
}

/** What is known of a content without reading it. CRC-64s are unsigned decimal; `null` when another kind was computed. */
export interface KnownContent {
  /** The fingerprint of the whole file. */
  readonly identity: string
  /** Of the whole. */
  crc64(type: Crc64Type): string | null
  /** Of bytes `start` (inclusive) to `end` (exclusive); `null` also when what is known does not make them up. */
  crc64Of(start: number, end: number, type: Crc64Type): string | null
}

/** The digests that were asked for, of some bytes. */
export interface Digests {
  /** Lower-case hex. */
  readonly md5?: string
  /** Unsigned decimal, of the kind that was asked for. */
  readonly crc64?: string
  /** Lower-case hex. */
  readonly sha256?: string
  /** Bytes that were read. */
  readonly size: number
}

/** Of the two CRC-64s one at a time. */
export type DigestName = 'md5' | Crc64Type | 'sha256'

/** Hashes slices, in browsers in workers. */
export interface Hasher {
  /** Digests of the slices one after the other. Rejects with a {@link TransportError} of reason `source-…` when the bytes cannot be had in full. */
  hash(slices: readonly Blob[], digests: readonly DigestName[], signal: AbortSignal): Promise<Digests>
  /** Ends the workers; what is under way rejects. */
  close(): void
}

/** One PUT of one slice, or one POST of a form: XHR in a worker in browsers, `fetch` in Node. */
export interface PartTransport {
  /** Whether it sends forms: requests with `fields`. Absent: it only PUTs. */
  readonly sendsForms?: boolean
  /**
   * Resolves with an answer of any status.
   *
   * @throws TransportError when no answer came; with the signal's reason when it is aborted
   */
  put(request: PutRequest, signal: AbortSignal): Promise<PutAnswer>
  /** Ends the workers; what is under way rejects. */
  close(): void
}

/** One request to the store. */
export interface PutRequest {
  /** Carries its signature, unless the headers do. */
  readonly url: string
  /** Sent as they are. Of a form: none. */
  readonly headers: Readonly<Record<string, string>>
  /** Sent by POST as a form, these fields in their order and the body as the last one, `file`. Absent: by PUT. */
  readonly fields?: Readonly<Record<string, string>>
  /** A slice of the file. */
  readonly body: Blob
  /** Computed over the body beside sending it, in the same worker. */
  readonly digests: readonly DigestName[]
  /** Without progress for this long the request is aborted and rejected as stalled. Milliseconds. */
  readonly stallTimeout: number
  /** Bytes handed to the network so far; at most every 450 ms. They are not yet stored bytes. */
  readonly onProgress: (sent: number) => void
}

/** An answer of any HTTP status. No answer at all rejects with a {@link TransportError}. */
export interface PutAnswer {
  /** HTTP status, of any kind. */
  readonly status: number
  /** Names in lower case; in browsers only those that CORS exposes. */
  readonly headers: Readonly<Record<string, string>>
  /** At most the first 64 KiB. */
  readonly body: string
  /** What was computed over the body; without any digest when the status is not 2xx. */
  readonly digests: Digests
}

/**
 * No answer came: `network` (connection lost or refused), `stalled` (the watchdog), `source-changed` and
 * `source-unreadable` (the slice's bytes could not be had), `unsupported` (this browser cannot hash or send), `outdated`
 * (code of this page is no longer where it was), `internal` (anything else, memory that ran out for instance).
 */
export class TransportError extends Error {
  /** Always `TransportError`. */
  override readonly name = 'TransportError'
  /** See {@link TransportError}. */
  readonly reason:
    'network' | 'stalled' | 'source-changed' | 'source-unreadable' | 'unsupported' | 'outdated' | 'internal'
  constructor(reason: TransportError['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
  }
}

/** Keeps two tabs of one browser off one file. */
export interface TabLocks {
  /**
   * Resolves with the way to release once this tab holds the lock. Calls `onWait` when another tab holds it now.
   * Rejects with the signal's reason when it is aborted first.
   */
  acquire(name: string, signal: AbortSignal, onWait: () => void): Promise<() => void>
}

/**
 * What this browser remembers of unfinished uploads. A cache: the server's upload records and the store's part list are
 * the truth, so an implementation that fails costs time, never correctness.
 */
export interface ResumeMemory {
  /** `null` when nothing is remembered of this fingerprint. */
  get(identity: string): Promise<RememberedUpload | null>
  /**
   * Everything that is remembered, with its parts.
   *
   * @param name of the file; others may be left out then, for each may have ten thousand parts
   */
  all(name?: string): Promise<readonly RememberedUpload[]>
  /** Begins a record without parts; one of the same identity is forgotten. */
  begin(upload: RememberedHead): Promise<void>
  /** Adds a part to the record of `identity`; does nothing when that is of another `id`. */
  addPart(identity: string, id: string, part: RememberedPart): Promise<void>
  /** Also resolves when nothing is remembered of it. */
  delete(identity: string): Promise<void>
}

/** What is remembered of an upload, without its parts. */
export interface RememberedHead {
  /** The fingerprint of the file. */
  readonly identity: string
  /** The server's id of the upload. */
  readonly id: string
  /** Of the multipart upload at the store; `null` where there is none. */
  readonly uploadId: string | null
  /** Of the file, as it was picked. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Bytes of the first parts. */
  readonly partSize: number
}

/** An acknowledged and verified part: what the store answered and what was hashed. */
export interface RememberedPart {
  /** 1 to 10 000. */
  readonly partNumber: number
  /** Its first byte in the file; absent: an earlier version has remembered it. */
  readonly start?: number
  /** Bytes. */
  readonly size: number
  /** As the store answered it, without quotes. */
  readonly etag: string
  /** Unsigned decimal, of the upload's kind. */
  readonly crc64: string
}

/** What is remembered of an upload, with its parts. */
export interface RememberedUpload extends RememberedHead {
  /** In any order. */
  readonly parts: readonly RememberedPart[]
}
