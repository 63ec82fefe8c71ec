import type { PartRun } from './part-plan.js'
import type { Crc64Type, UploadMode } from './upload.js'

/**
 * What the server compared before it called an upload done: `object-crc64` the CRC-64 of the whole as the store computed it,
 * `object-md5` the MD5 of the whole, `part-etags` the ETags of all parts as the store lists them, `size` the size of the object.
 */
export type ReceiptComparison = 'object-crc64' | 'object-md5' | 'part-etags' | 'size'

/** Answer to `GET /uploads/:id/receipt`: what was verified of a finished upload, to compare a copy with. */
export interface UploadReceipt {
  /** Identifies the JSON as a receipt; the value is its version. */
  readonly carryonReceipt: 1
  /** Name of the file; it may have been renamed since. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** ISO 8601. */
  readonly finishedAt: string
  /** How it was sent. */
  readonly mode: UploadMode
  /** CRC-64 of the whole as the store computed it, unsigned decimal; `null`: the store computes none. */
  readonly crc64: string | null
  /** Type of `crc64`. */
  readonly crc64Type: Crc64Type
  /** Base64 MD5 of the whole; `null` for mode `multipart`. */
  readonly md5: string | null
  /**
   * Hex SHA-256 of the parts' MD5s, joined by line feeds; `null` for mode `single`, and where the store's ETags are
   * not MD5s.
   */
  readonly etagsDigest: string | null
  /** ETag of the object. */
  readonly etag: string | null
  /** Number of parts; 1 for mode `single`. */
  readonly parts: number
  /** How the file was divided; with one run, all parts but the last have that size. */
  readonly partRuns: readonly PartRun[]
  /** Strongest first. */
  readonly comparedBy: readonly ReceiptComparison[]
  /** Bytes that were stored when it was last resumed; `null`: it was never resumed. */
  readonly resumedFrom: number | null
  /** Bytes that were sent again because stored parts were lost or differed from the file. */
  readonly sentAgain: number
}
