import { headerLike, readBase64Crc64 } from '@carryon/object-store'
import type { Crc64Type } from '@carryon/hash'
import type { Digests, DigestName, PutAnswer } from '../ports.js'
import type { OpenedUpload } from '@carryon/protocol'

export type Checksums = OpenedUpload['checksums']

/** A part that the store acknowledged and that was verified. */
export interface UploadedPart {
  /** Bytes. */
  readonly size: number
  /** As the store wrote it, without quotes; empty if it was hidden and only the CRC-64 was visible. */
  readonly etag: string
  /** CRC-64 of the local bytes, unsigned decimal, of the upload's kind. */
  readonly crc64: string
}

export type PartCheck =
  | {
      readonly outcome: 'equal'
      readonly by: 'part-crc64' | 'part-md5' | 'size'
      readonly part: UploadedPart
    }
  /** The store holds other bytes than were hashed. */
  | { readonly outcome: 'different' }
  /** The store's CRC-64 is not visible here, and only an MD5 can be compared. */
  | { readonly outcome: 'needs-md5' }
  | { readonly outcome: 'misconfigured'; readonly message: string }

/** The digests to compute over a sent part: CRC-64 is three times cheaper than MD5, and needed for the whole object. */
export function digestsFor(checksums: Checksums, crc64Type: Crc64Type): readonly DigestName[] {
  return checksums.part === null && checksums.etagIsMd5 ? [crc64Type, 'md5'] : [crc64Type]
}

/**
 * The CRC-64 of a part in the store's answer, as unsigned decimal; `undefined` if none is visible. The header's name
 * ends with the type: `x-cos-hash-crc64ecma` (COS 436/7750), `x-amz-checksum-crc64nvme` (Amazon S3 API reference,
 * "UploadPart").
 */
function storedCrc64(headers: PutAnswer['headers'], type: Crc64Type): string | undefined {
  const told = headerLike(headers, new RegExp(`${type}$`))
  return type === 'crc64nvme' ? readBase64Crc64(told ?? '') : told
}

/** Compares what the store reports as stored with what was hashed. `answer` has a 2xx status. */
export function checkPart(
  answer: Pick<PutAnswer, 'headers'>,
  digests: Digests,
  checksums: Checksums,
): PartCheck {
  const etag = unquoted(answer.headers['etag'])
  const { crc64 = '', md5, size } = digests
  const part = { size, etag, crc64 }
  const stored = checksums.part && storedCrc64(answer.headers, checksums.part)
  if (stored) {
    return stored === crc64 ? { outcome: 'equal', by: 'part-crc64', part } : { outcome: 'different' }
  }
  if (etag === '') {
    return {
      outcome: 'misconfigured',
      message:
        'The store took the part, but its ETag and its CRC-64 are hidden. Add them to ExposeHeader of the ' +
        "bucket's CORS rule (`carryon setup-bucket`). If they are there, an extension or a proxy takes them away.",
    }
  }
  if (!checksums.etagIsMd5) return { outcome: 'equal', by: 'size', part }
  if (md5 === undefined) return { outcome: 'needs-md5' }
  return etag.toLowerCase() === md5 ? { outcome: 'equal', by: 'part-md5', part } : { outcome: 'different' }
}

/** An ETag without its quotes (RFC 9110 section 8.8.3). */
export function unquoted(etag: string | undefined): string {
  return (etag ?? '').replace(/^(?:W\/)?"|"$/g, '')
}
