import type { PartRun } from './part-plan.js'

/**
 * A CRC-64: `crc64ecma` is CRC-64/XZ, which COS answers in `x-cos-hash-crc64ecma`; `crc64nvme` is CRC-64/NVME, which
 * S3 answers in `x-amz-checksum-crc64nvme`. Both are unsigned decimals in this API.
 */
export type Crc64Type = 'crc64ecma' | 'crc64nvme'

/** `multipart`: parts that the store joins. `single`: one signed PUT, or one signed form, for a small file. */
export type UploadMode = 'multipart' | 'single'

/**
 * `open`: parts may be sent. `completing`: the store joins them. `done`: the object exists and is verified.
 * `cancelled` and `failed`: nothing of it remains.
 */
export type RegisteredState = 'open' | 'completing' | 'done' | 'cancelled' | 'failed'

/** An upload as the server has it on record. */
export interface RegisteredUpload {
  /** Opaque and URL-safe. */
  readonly id: string
  /** Name of the picked file. Treat it as data, never as a path. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type; may be empty. */
  readonly type: string
  /** The file's fingerprint: finds an upload with its content, but never proves that they are equal. */
  readonly identity: string
  /** Key of the object in the bucket. */
  readonly key: string
  /** Id of the multipart upload at the store; `null` for mode `single`. */
  readonly uploadId: string | null
  /** How it is sent. */
  readonly mode: UploadMode
  /** Bytes of the first parts, and of all parts but the last unless {@link partRuns} specifies others. */
  readonly partSize: number
  /** Number of parts; 1 for mode `single`. With {@link grows}, the number while no further sizes are decided. */
  readonly partCount: number
  /**
   * Whether the client chooses the sizes of the parts after the first group while it sends them, and reports them in
   * the complete request. Absent: all parts have `partSize` bytes.
   */
  readonly grows?: boolean
  /**
   * How the file is divided, as far as stored parts or the complete request show it; absent or `null`: all parts have
   * one size. Lists omit it.
   */
  readonly partRuns?: readonly PartRun[] | null
  /** Current state. */
  readonly state: RegisteredState
  /** ISO 8601, as all times here. */
  readonly createdAt: string
  /** When it last changed. */
  readonly updatedAt: string
  /** When an unfinished upload is removed; each open and renewal extends it. */
  readonly expiresAt: string
  /** ISO 8601; `null` until it is done. */
  readonly finishedAt: string | null
  /** Absolute; `null` until it is done. */
  readonly url: string | null
  /** CRC-64 of the whole content, unsigned decimal; `null` until it is done, and where the store computes none. */
  readonly crc64: string | null
  /** The type of every CRC-64 of this upload; absent: `crc64ecma`. It never changes. */
  readonly crc64Type?: Crc64Type
  /** ETag of the object; `null` until it is done. */
  readonly etag: string | null
}

/** A part that the store holds. */
export interface StoredPartInfo {
  /** 1 to 10 000. */
  readonly partNumber: number
  /** Bytes. */
  readonly size: number
  /** ETag without quotes, otherwise as the store wrote it. */
  readonly etag: string
  /** CRC-64 as unsigned decimal, if the store lists it. */
  readonly crc64?: string
}
