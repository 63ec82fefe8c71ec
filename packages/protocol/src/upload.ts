import type { PartRun } from './part-plan.js'

/**
 * A CRC-64: `crc64ecma` is CRC-64/XZ, which COS answers in `x-cos-hash-crc64ecma`; `crc64nvme` is CRC-64/NVME, which
 * S3 answers in `x-amz-checksum-crc64nvme`. Both are unsigned decimals in this API.
 */
export type Crc64Type = 'crc64ecma' | 'crc64nvme'

/** `multipart`: parts that the store joins. `single`: one signed PUT, or one signed form, for a small file. */
export type UploadMode = 'multipart' | 'single'

/**
 * `open`: parts may be sent. `completing`: the store joins them. `done`: the object is there and verified. `cancelled`
 * and `failed`: nothing is left of it.
 */
export type RegisteredState = 'open' | 'completing' | 'done' | 'cancelled' | 'failed'

/** An upload as the server has it on record. */
export interface RegisteredUpload {
  /** Opaque and URL-safe. */
  readonly id: string
  /** As the file was picked: data, never a path. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type; may be empty. */
  readonly type: string
  /** The file's fingerprint: finds an upload of its content; never a proof that it is equal. */
  readonly identity: string
  /** Of the object in the bucket. */
  readonly key: string
  /** Of the multipart upload at the store; `null` for mode `single`. */
  readonly uploadId: string | null
  /** How it is sent. */
  readonly mode: UploadMode
  /** Bytes of the first parts, and of all but the last where {@link partRuns} names no others. */
  readonly partSize: number
  /** 1 for mode `single`. Of an upload that grows: as long as nothing more is decided. */
  readonly partCount: number
  /**
   * Whether the client decides the sizes of the parts after the first group while it sends them; the complete request has
   * them. Absent: all parts have `partSize` bytes.
   */
  readonly grows?: boolean
  /** How the file is cut, as far as stored parts or the complete request show it; absent or `null`: all parts are of one size. A list leaves it out. */
  readonly partRuns?: readonly PartRun[] | null
  /** Where it stands. */
  readonly state: RegisteredState
  /** ISO 8601, as all times here. */
  readonly createdAt: string
  /** When it last changed. */
  readonly updatedAt: string
  /** When an unfinished upload is removed; each open and renewal moves it on. */
  readonly expiresAt: string
  /** `null` until it is done. */
  readonly finishedAt: string | null
  /** Absolute; `null` until it is done. */
  readonly url: string | null
  /** Of the whole content, unsigned decimal; `null` until it is done, and where the store computes none. */
  readonly crc64: string | null
  /** The type of every CRC-64 of this upload; absent: `crc64ecma`. It never changes. */
  readonly crc64Type?: Crc64Type
  /** Of the object; `null` until it is done. */
  readonly etag: string | null
}

/** A part that the store holds. */
export interface StoredPartInfo {
  /** 1 to 10 000. */
  readonly partNumber: number
  /** Bytes. */
  readonly size: number
  /** Without quotes, as the store wrote it. */
  readonly etag: string
  /** Unsigned decimal, where the store lists it. */
  readonly crc64?: string
}
