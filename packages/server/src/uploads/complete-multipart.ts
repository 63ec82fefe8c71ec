import { type ObjectInfo, type ObjectStore, StoreError, type StoredPart } from '@carryon/object-store'
import type { UploadRow } from '../repository/upload-row.js'
import { checksumsOf } from './checksums.js'
import type { UploadServices } from './upload-services.js'

export type CompleteOutcome =
  | { readonly kind: 'object'; readonly object: ObjectInfo }
  /** The multipart upload is gone and there is no object: another server may still be completing it. */
  | { readonly kind: 'absent' }
  /** The store found that the parts do not have the CRC-64 of the complete request. */
  | { readonly kind: 'differs' }
  /** The store refused and changed nothing. */
  | { readonly kind: 'refused'; readonly error: StoreError; readonly partsDiffer: boolean }

const attempts = 4
/** Milliseconds before the second attempt; doubled for each one after. */
const firstPause = 250
/** Milliseconds; the longest `Retry-After` that is obeyed. */
const longestPause = 5_000

/** After these errors the object may exist: an earlier attempt, or another server, completed it. */
const possiblyCompleted = new Set([
  'NoSuchUpload',
  'UploadConflict',
  'PathConflict',
  'FileAlreadyExists',
  'PreconditionFailed',
  'InvalidAnswer',
])
/** The parts differ from those listed a moment ago (436/7742). */
const partsDiffer = new Set(['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'EntityTooLarge'])

/**
 * Completes a multipart upload whose parts were checked, and determines the outcome even if the response is lost.
 * The store compares each ETag again, so an object under this key consists of exactly these parts.
 *
 * @throws StoreError when the store stays unreachable; the outcome is then unknown.
 */
export async function completeMultipart(
  services: UploadServices,
  row: UploadRow,
  etags: readonly string[],
): Promise<CompleteOutcome> {
  const { store } = services
  const crc64 = checksumsOf(services, row).object === null ? null : row.claimedCrc64
  const parts = etags.map((etag, index) => ({ partNumber: index + 1, etag }))
  for (let attempt = 1; ; attempt += 1) {
    const error = await refusalOf(() =>
      store.completeMultipartUpload(row.key, row.uploadId ?? '', parts, {
        forbidOverwrite: store.capabilities.forbidOverwriteOnComplete,
        ...(crc64 === null ? {} : { crc64 }),
      }),
    )
    // Amazon S3 API reference, "CompleteMultipartUpload".
    if (crc64 !== null && error?.code === 'BadDigest') return { kind: 'differs' }
    if (error !== null && !possiblyCompleted.has(error.code) && !error.retryable) {
      return { kind: 'refused', error, partsDiffer: partsDiffer.has(error.code) }
    }
    const object = await store.headObject(row.key)
    if (object !== null) return { kind: 'object', object }
    if (error?.code === 'NoSuchUpload') return { kind: 'absent' }
    if (attempt === attempts) {
      throw error ?? missingObject(row.key)
    }
    const asked = Math.min(error?.retryAfter ?? 0, longestPause)
    await services.sleep(Math.max(firstPause * 2 ** (attempt - 1), asked))
  }
}

/** `null` if the multipart upload does not exist, or no longer. */
export async function listPartsOrNull(
  store: ObjectStore,
  key: string,
  uploadId: string,
): Promise<readonly StoredPart[] | null> {
  try {
    return await store.listParts(key, uploadId)
  } catch (error) {
    if (error instanceof StoreError && error.code === 'NoSuchUpload') return null
    throw error
  }
}

async function refusalOf(call: () => Promise<unknown>): Promise<StoreError | null> {
  try {
    await call()
    return null
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
}

function missingObject(key: string): StoreError {
  return new StoreError(`the store completed ${key} and shows no object`, {
    code: 'InvalidAnswer',
    status: 200,
    retryable: true,
  })
}
