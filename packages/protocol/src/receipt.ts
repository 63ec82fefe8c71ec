import type { PartRun } from './part-plan.js'
import type { Crc64Type, UploadMode } from './upload.js'

/**
 * What the server compared before it called an upload done: `object-crc64` the CRC-64 of the whole as the store computed it,
 * `object-md5` the MD5 of the whole, `part-etags` the ETags of all parts as the store lists them, `size` the size of the object.
 */
export type ReceiptComparison = 'object-crc64' | 'object-md5' | 'part-etags' | 'size'

/** Answer to `GET /uploads/:id/receipt`: what a finished upload is, for who wants to compare a copy with it. */
export interface UploadReceipt {
  /** Tells a receipt from other JSON, and its version. */
  readonly carryonReceipt: 1
  /** Of the file; it may have been renamed since. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** ISO 8601. */
  readonly finishedAt: string
  /** How it was sent. */
  readonly mode: UploadMode
  /** CRC-64 of the whole as the store computed it, unsigned decimal; `null`: the store computes none. */
  readonly crc64: string | null
  /** Which CRC-64 that is. */
  readonly crc64Type: Crc64Type
  /** Base64 MD5 of the whole; `null` for mode `multipart`. */
  readonly md5: string | null
  /** Hex SHA-256 of the parts' MD5s, joined by line feeds; `null` where the store's ETags are none, and for mode `single`. */
  readonly etagsDigest: string | null
  /** The store's, of the object. */
  readonly etag: string | null
  /** How many; 1 for mode `single`. */
  readonly parts: number
  /** How the file was cut; one run: all parts but the last are of that size. */
  readonly partRuns: readonly PartRun[]
  /** The strongest first. */
  readonly comparedBy: readonly ReceiptComparison[]
  /** Bytes that were stored when it was last resumed; `null`: it went in one go. */
  readonly resumedFrom: number | null
  /** Bytes of stored parts that differed from the file, or were lost, and were sent again. */
  readonly sentAgain: number
}
