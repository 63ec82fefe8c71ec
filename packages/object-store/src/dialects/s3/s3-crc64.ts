import type { Crc64Rules } from '../../store-dialect.js'
import { readBase64Crc64, writeBase64Crc64 } from './base64-crc64.js'

const header = 'x-amz-checksum-crc64nvme'

/**
 * CRC-64/NVME of S3 (Amazon S3 user guide, "Checking object integrity for data uploads"; API reference,
 * "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "ListParts", "HeadObject").
 *
 * It is requested when the upload is created, and parts need not include it: for an upload of type `FULL_OBJECT` S3
 * computes and returns missing part checksums. `probeStore` detects stores that refuse such parts; no checksum is
 * then requested.
 */
export const s3Crc64: Crc64Rules = {
  header,
  element: 'ChecksumCRC64NVME',
  read: readBase64Crc64,
  toCreate: { 'x-amz-checksum-algorithm': 'CRC64NVME', 'x-amz-checksum-type': 'FULL_OBJECT' },
  toComplete: (crc64) => ({ [header]: writeBase64Crc64(crc64), 'x-amz-checksum-type': 'FULL_OBJECT' }),
  // "To retrieve the checksum, this mode must be enabled."
  toHead: { 'x-amz-checksum-mode': 'ENABLED' },
}
