import type { Checksums } from '@carryon/protocol'
import { chosenOf } from '../object-headers/stored-headers.js'
import type { UploadRow } from '../repository/upload-row.js'
import type { UploadServices } from './upload-services.js'

/** The checksums that the store computes, leaving out a CRC-64 of another type than the upload was opened with. */
export function checksumsOf(
  { store }: Pick<UploadServices, 'store'>,
  { crc64Type, objectHeaders }: Pick<UploadRow, 'crc64Type' | 'objectHeaders'>,
): Checksums {
  const { partChecksum, objectChecksum, etagIsMd5 } = store.capabilities
  return {
    part: partChecksum === crc64Type ? crc64Type : null,
    object: objectChecksum === crc64Type ? crc64Type : null,
    // With SSE-KMS, an ETag is not an MD5 (S3 API reference, "Object").
    etagIsMd5: etagIsMd5 && chosenOf({ objectHeaders }).encryption?.by !== 'kms',
  }
}
