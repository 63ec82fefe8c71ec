import type { Checksums } from '@carryon/protocol'
import { chosenOf } from '../object-headers/stored-headers.js'
import type { UploadRow } from '../repository/upload-row.js'
import type { UploadServices } from './upload-services.js'

/** What the store computes, as far as it is what the upload was opened with; else as if it computed nothing. */
export function checksumsOf(
  { store }: Pick<UploadServices, 'store'>,
  { crc64Type, objectHeaders }: Pick<UploadRow, 'crc64Type' | 'objectHeaders'>,
): Checksums {
  const { partChecksum, objectChecksum, etagIsMd5 } = store.capabilities
  return {
    part: partChecksum === crc64Type ? crc64Type : null,
    object: objectChecksum === crc64Type ? crc64Type : null,
    // By SSE-KMS an ETag is no MD5 (S3 API reference, "Object").
    etagIsMd5: etagIsMd5 && chosenOf({ objectHeaders }).encryption?.by !== 'kms',
  }
}
