import type { StoreCapabilities } from '../../store-description.js'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3

/**
 * What COS verifies and allows: COS 436/14518 and 436/7750 for the limits, 436/40334 for the CRC-64. An ETag is a
 * part's MD5 unless the bucket encrypts with SSE-KMS or SSE-C. The object limit, "48.82 TB", is 10 000 parts of 5 GB.
 *
 * COS ignores `forbidOverwrite` if versioning is, or ever was, enabled for the bucket (436/7749). `forms` needs a
 * test: 436/14690 does not list the file's MD5 among the conditions of a policy.
 */
export const cosCapabilities: StoreCapabilities = {
  partChecksum: 'crc64ecma',
  objectChecksum: 'crc64ecma',
  etagIsMd5: true,
  minPartSize: mebibyte,
  maxPartSize: 5 * gibibyte,
  maxParts: 10_000,
  equalParts: false,
  maxPutSize: 5 * gibibyte,
  maxObjectSize: 50_000 * gibibyte,
  forbidOverwrite: true,
  forbidOverwriteOnComplete: true,
  emptyHeaders: true,
  forms: false,
}
