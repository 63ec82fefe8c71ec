import type { Crc64Type } from '@carryon/hash'

/** The ports between the uploader and the world: each has a fake for simulation and at least one real implementation. */

/** Source of time. All waiting goes through it, so that a whole upload with faults can run in simulated time. */
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
  /** Name of the picked file: plain data, never used as a path. */
  readonly name: string
  /** Bytes, as of the moment of picking. */
  readonly size: number
  /** Media type; may be empty. */
  readonly type: string
  /** A lazy view of bytes `start` (inclusive) to `end` (exclusive); reads nothing yet. */
  slice(start: number, end: number): Blob
  /** Unix milliseconds, as of the moment of picking; `null` if unknown. */
  readonly lastModified: number | null
  /** Path within the picked folder, such as `films/a.mp4`; empty or absent if the file was picked by itself. */
  readonly webkitRelativePath?: string
  /** `true` if reading a slice fails by itself after the file was changed since picking. */
  readonly failsWhenChanged?: boolean
  /** Digests of the whole content, for a local copy from which parts already sent were removed. */
  readonly known?: KnownContent
  /** Called when it is this upload's turn, because a local copy may have lost parts that another tab has sent. */
  refresh?(): Promise<void>
}

/** Digests of a file known without reading it. CRC-64s are unsigned decimal; `null` when another kind was computed. */
export interface KnownContent {
  /** The fingerprint of the whole file. */
  readonly identity: string
  /** CRC-64 of the whole file. */
  crc64(type: Crc64Type): string | null
  /**
   * CRC-64 of bytes `start` (inclusive) to `end` (exclusive); `null` also if it cannot be combined from what is known.
   */
  crc64Of(start: number, end: number, type: Crc64Type): string | null
}

/** The requested digests of some bytes. */
export interface Digests {
  /** Lower-case hex. */
  readonly md5?: string
  /** Unsigned decimal, of the requested kind. */
  readonly crc64?: string
  /** Lower-case hex. */
  readonly sha256?: string
  /** Number of bytes read. */
  readonly size: number
}

/** Name of a digest. Only one of the two CRC-64 types can be requested at a time. */
export type DigestName = 'md5' | Crc64Type | 'sha256'

/** Hashes slices; in browsers it does so in workers. */
export interface Hasher {
  /**
   * Digests of the concatenated slices. Rejects with a {@link TransportError} of reason `source-…` when the bytes
   * cannot be read completely.
   */
  hash(slices: readonly Blob[], digests: readonly DigestName[], signal: AbortSignal): Promise<Digests>
  /** Ends the workers; what is under way rejects. */
  close(): void
}

/** Sends one slice by PUT, or by POST as a form: with XHR in a worker in browsers, with `fetch` in Node. */
export interface PartTransport {
  /** Whether it can send forms, that is requests with `fields`. If absent, it only sends by PUT. */
  readonly sendsForms?: boolean
  /**
   * Resolves with an answer of any status.
   *
   * @throws TransportError when no answer came; the signal's reason when aborted
   */
  put(request: PutRequest, signal: AbortSignal): Promise<PutAnswer>
  /** Ends the workers; what is under way rejects. */
  close(): void
}

/** One request to the store. */
export interface PutRequest {
  /** Includes the signature, unless the headers do. */
  readonly url: string
  /** Sent unchanged; none for a form. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * If present, the request is a POST of a form with these fields in this order and the body as the last field, `file`;
   * else a PUT.
   */
  readonly fields?: Readonly<Record<string, string>>
  /** A slice of the file. */
  readonly body: Blob
  /** Digests to compute over the body while sending it, in the same worker. */
  readonly digests: readonly DigestName[]
  /** After this long without progress the request is aborted and rejects as `stalled`. Milliseconds. */
  readonly stallTimeout: number
  /** Called at most every 450 ms with the bytes handed to the network so far; these are not stored yet. */
  readonly onProgress: (sent: number) => void
}

/** The store's answer, of any HTTP status. If no answer comes, `put` rejects with a {@link TransportError}. */
export interface PutAnswer {
  /** HTTP status, success or not. */
  readonly status: number
  /** Header names are in lower case; in browsers, only the headers that CORS exposes. */
  readonly headers: Readonly<Record<string, string>>
  /** At most the first 64 KiB. */
  readonly body: string
  /** Digests computed over the body; only `size` is present when the status is not 2xx. */
  readonly digests: Digests
}

/**
 * No answer came. Reasons: `network` (connection lost or refused), `stalled` (no progress until the timeout),
 * `source-changed` and `source-unreadable` (the slice could not be read), `unsupported` (this browser cannot hash or
 * send), `outdated` (a script file of this page no longer exists), `internal` (anything else, such as running out of
 * memory).
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

/** Keeps two tabs of one browser from uploading the same file. */
export interface TabLocks {
  /**
   * Resolves with a function that releases the lock, once this tab holds it. Calls `onWait` when another tab holds it
   * now. Rejects with the signal's reason when it is aborted first.
   */
  acquire(name: string, signal: AbortSignal, onWait: () => void): Promise<() => void>
}

/**
 * What this browser remembers of unfinished uploads. It is only a cache of the server's upload records and the store's
 * part list, so an implementation that fails costs time, never correctness.
 */
export interface ResumeMemory {
  /** The remembered upload with this fingerprint; `null` if there is none. */
  get(identity: string): Promise<RememberedUpload | null>
  /**
   * All remembered uploads, with their parts.
   *
   * @param name file name; uploads of other names may be left out, because each may have ten thousand parts
   */
  all(name?: string): Promise<readonly RememberedUpload[]>
  /** Creates a record without parts; replaces one with the same identity. */
  begin(upload: RememberedHead): Promise<void>
  /** Adds a part to the record of `identity`; does nothing when that record has another `id`. */
  addPart(identity: string, id: string, part: RememberedPart): Promise<void>
  /** Deletes the record; also resolves if there is none. */
  delete(identity: string): Promise<void>
}

/** A remembered upload, without its parts. */
export interface RememberedHead {
  /** Fingerprint of the file. */
  readonly identity: string
  /** The server's id of the upload. */
  readonly id: string
  /** The store's id of the multipart upload; `null` if there is none. */
  readonly uploadId: string | null
  /** Name of the file as it was picked. */
  readonly name: string
  /** Size of the file in bytes. */
  readonly size: number
  /** Size of the first parts in bytes. */
  readonly partSize: number
}

/** An acknowledged and verified part: the store's answer and the computed checksum. */
export interface RememberedPart {
  /** 1 to 10 000. */
  readonly partNumber: number
  /** Offset of its first byte in the file; absent if an earlier version stored the record. */
  readonly start?: number
  /** Bytes. */
  readonly size: number
  /** ETag from the store, without quotes. */
  readonly etag: string
  /** Unsigned decimal, of the upload's CRC-64 type. */
  readonly crc64: string
}

/** A remembered upload, with its parts. */
export interface RememberedUpload extends RememberedHead {
  /** In any order. */
  readonly parts: readonly RememberedPart[]
}
