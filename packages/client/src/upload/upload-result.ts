import type { RegisteredUpload } from '@carryon/protocol'
import { crc64TypeOf } from '../backend/upload-backend.js'
import type { CompletedUpload } from '../backend/upload-backend.js'
import { UploadError } from '../upload-types.js'
import type { FinishedUpload, UploadResult, Verification } from '../upload-types.js'

/** All verifications, strongest first. */
export const verifications: readonly Verification[] = ['object-crc64', 'part-crc64', 'part-md5', 'size']

/** An entry of the list of finished uploads; `null` for an upload without a URL. */
export function finishedUploadOf(upload: RegisteredUpload): FinishedUpload | null {
  const { id, name, size, type, url, finishedAt, updatedAt } = upload
  return url === null ? null : { id, name, size, type, url, finishedAt: finishedAt ?? updatedAt }
}

/** The result of a finished upload for the application. */
export function resultOf(upload: CompletedUpload, verifiedBy: ReadonlySet<Verification>): UploadResult {
  const { id, url, key, size, crc64, name, data } = upload
  if (url === null)
    throw new UploadError('server-error', `"${name}": the server calls it done without a URL.`)
  // The server always compares the size.
  const verified = verifications.filter((check) => check === 'size' || verifiedBy.has(check))
  return {
    id,
    url,
    key,
    size,
    crc64,
    crc64Type: crc64TypeOf(upload),
    verified,
    ...(data !== undefined && { data }),
  }
}
