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
  /** Owner of the upload. */
  readonly owner: string
  /** Pseudonym of the network address that it was opened from; `null` if unknown. */
  readonly address: string | null
  /** The fingerprint of the file. */
  readonly identity: string
  /** Base64 MD5 of the whole content, for mode "single". */
  readonly md5: string | null
  /** Name of the file, as it was picked or renamed. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** Key of the object in the bucket. */
  readonly key: string
  /** Id of the multipart upload at the store; `null` until it is started, and for mode "single". */
  readonly uploadId: string | null
  readonly mode: UploadMode
  /** Bytes of the first parts. */
  readonly partSize: number
  /** For an open upload that grows, valid while the store holds no part. */
  readonly partCount: number
  /** 1: the client decides the sizes of parts after the first group. */
  readonly grows: 0 | 1
  /** The part runs of the complete request, as JSON; `null` before it: use the store's part list. */
  readonly partRuns: string | null
  readonly state: RegisteredState
  readonly failure: UploadFailure | null
  /**
   * The CRC-64 type that parts and object are verified with. It never changes, because a client cannot compute another
   * CRC-64 of parts that it no longer has.
   */
  readonly crc64Type: Crc64Type
  /** CRC-64 of the complete request; the next member is a digest of its ETags in order. */
  readonly claimedCrc64: string | null
  readonly claimedEtags: string | null
  /** When to check (again) whether the store still holds data of a cancelled or failed upload. */
  readonly cleanupAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly expiresAt: number
  readonly finishedAt: number | null
  /** A path on this server, or absolute. */
  readonly url: string | null
  readonly crc64: string | null
  readonly etag: string | null
  /** The client's metadata of the file, as JSON; `null`: none. */
  readonly metadata: string | null
  /** The context that `authorize` returned when the upload was opened, as JSON; `null`: none. */
  readonly context: string | null
  /** The object headers that `onOpen` chose, as JSON; `null`: none. */
  readonly objectHeaders: string | null
  /**
   * When to run `onDone` (again); `null`: not pending. Set in the same change that makes the upload done, so that a crash
   * in between cannot lose it.
   */
  readonly deliveryAt: number | null
  /** Number of `onDone` attempts begun. */
  readonly deliveryAttempts: number
  /** The `data` that `onDone` answered, as JSON; `null`: none, or not yet. */
  readonly result: string | null
  /** The sentence with which `onDone` refused. */
  readonly refusal: string | null
  /** Bytes that the store held when the upload was last resumed; `null`: it was not. */
  readonly resumedBytes: number | null
  /** Bytes of parts that were already stored at a resume but were sent again. */
  readonly sentAgainBytes: number
  /** For an open upload: the parts found stored at a resume, as comma-separated `number:etag` with shortened ETags. */
  readonly foundParts: string | null
}

/** Why an upload ended without an object. */
export type UploadFailure = 'checksum-mismatch' | 'expired' | 'replaced' | 'oversize' | 'refused'

/** The states in which an owner can have only one upload per fingerprint. */
export const openStates = ['open', 'completing'] as const satisfies readonly RegisteredState[]
