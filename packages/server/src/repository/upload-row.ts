import type { Crc64Type, RegisteredState, UploadMode } from '@carryon/protocol'

/**
 * One upload record. Times are Unix milliseconds, sizes bytes.
 *
 * The states and their transitions:
 * ```
 * open ──complete──▶ completing ──object verified──▶ done
 *   ▲  ◀─store refused the parts──┘   │
 *   │                                 └─object differs from the request──▶ failed
 *   └─cancel, expiry (also from completing)──▶ cancelled
 *
 * done ──onDone refuses──▶ failed
 * ```
 * Each transition is one compare-and-set in the database, so that several servers may try it at once. While it is open,
 * an upload may become that of another version of its file; so a transition also compares fingerprint and size.
 */
export interface UploadRow {
  /** Opaque and URL-safe. */
  readonly id: string
  /** Whose upload it is. */
  readonly owner: string
  /** Pseudonym of the network address that it was opened from; `null` where that is not known. */
  readonly address: string | null
  /** The fingerprint of the file. */
  readonly identity: string
  /** Base64 MD5 of the whole content, for mode "single". */
  readonly md5: string | null
  /** Of the file, as it was picked or renamed. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** Of the object in the bucket. */
  readonly key: string
  /** Of the multipart upload at the store; `null` until the store was asked, and for mode "single". */
  readonly uploadId: string | null
  readonly mode: UploadMode
  /** Bytes of the first parts. */
  readonly partSize: number
  /** Of an open upload that grows: as long as the store holds no part. */
  readonly partCount: number
  /** 1: the client decides how large the parts after the first group are. */
  readonly grows: 0 | 1
  /** The part runs of the complete request, as JSON; `null` before it: then the store's list tells. */
  readonly partRuns: string | null
  readonly state: RegisteredState
  readonly failure: UploadFailure | null
  /**
   * The CRC-64 that its parts and its object are verified by. It never changes: a client cannot compute another of parts
   * that it no longer has.
   */
  readonly crc64Type: Crc64Type
  /** Of the complete request: the CRC-64, and a digest of the ETags in order. */
  readonly claimedCrc64: string | null
  readonly claimedEtags: string | null
  /** When to look (again) whether the store still holds anything of a cancelled or failed upload. */
  readonly cleanupAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly expiresAt: number
  readonly finishedAt: number | null
  /** A path on this server, or absolute. */
  readonly url: string | null
  readonly crc64: string | null
  readonly etag: string | null
  /** What the client said of the file, as JSON; `null`: nothing. */
  readonly metadata: string | null
  /** What `authorize` said beside the owner when it was opened, as JSON; `null`: nothing. */
  readonly context: string | null
  /** The object headers that `onOpen` chose, as JSON; `null`: none. */
  readonly objectHeaders: string | null
  /**
   * When to run `onDone` (again); `null`: it need not run. Set by the very change that makes the upload done, so that no
   * crash in between loses it.
   */
  readonly deliveryAt: number | null
  /** How often `onDone` was begun. */
  readonly deliveryAttempts: number
  /** The `data` that `onDone` answered, as JSON; `null`: none, or not yet. */
  readonly result: string | null
  /** The sentence with which `onDone` refused. */
  readonly refusal: string | null
  /** Bytes that the store had when it was last resumed; `null`: it was not. */
  readonly resumedBytes: number | null
  /** Bytes of parts that the store had at a resume and that were sent again. */
  readonly sentAgainBytes: number
  /** Of an open upload: the parts that the store had at a resume, `number:etag`, the ETag cut short, with commas between. */
  readonly foundParts: string | null
}

/** Why an upload ended without an object. */
export type UploadFailure = 'checksum-mismatch' | 'expired' | 'replaced' | 'oversize' | 'refused'

/** The states that count for "at most one open upload for each owner and fingerprint". */
export const openStates = ['open', 'completing'] as const satisfies readonly RegisteredState[]
