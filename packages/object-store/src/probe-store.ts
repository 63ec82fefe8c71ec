import { emptyObjectHeaders } from './object-headers.js'
import type { ObjectStore } from './object-store.js'
import type { Crc64Type, StoreCapabilities } from './store-description.js'
import { StoreError } from './store-error.js'

/** Test results for properties of a store that its documentation does not specify. */
export interface ProbedStore {
  /** Tested capabilities of this store. */
  readonly capabilities: Pick<
    StoreCapabilities,
    | 'partChecksum'
    | 'objectChecksum'
    | 'etagIsMd5'
    | 'forbidOverwrite'
    | 'forbidOverwriteOnComplete'
    | 'emptyHeaders'
  >
}

/** Options of {@link probeStore}. */
export interface ProbeStoreOptions {
  /** Sends a signed PUT, as a browser would. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch
}

/** Milliseconds for a signed PUT. */
const timeout = 15_000

/** The standard check text of checksum catalogues, whose checksums are known. */
const body = new TextEncoder().encode('123456789')
const md5 = '25f9e794323b453885f5181f1b624d0b'
/** reveng's catalogue: 0x995DC9BBDF1939FA (CRC-64/XZ), 0xAE8B14860A799888 (CRC-64/NVME). */
const crc64s: readonly (readonly [string, Crc64Type])[] = [
  ['11051210869376104954', 'crc64ecma'],
  ['12577168950296156296', 'crc64nvme'],
]

/**
 * Tests, with one small object that is removed afterwards, what cannot be known in advance: encryption with SSE-KMS
 * changes ETags, some S3-compatible stores ignore conditions, and some that support a checksum refuse parts without
 * one. Sends about fifteen requests.
 *
 * @param prefix of the object's key
 * @throws StoreError when the store refuses a call that every upload needs.
 * @example const { capabilities } = await probeStore(store, 'uploads/')
 */
export async function probeStore(
  store: ObjectStore,
  prefix: string,
  { fetch = globalThis.fetch }: ProbeStoreOptions = {},
): Promise<ProbedStore> {
  const key = `${prefix}carryon-check-${crypto.randomUUID()}`
  try {
    const checksums = await probeChecksums(store, key)
    await store.putObject(key, body)
    const forbidOverwrite = await isRefused(() => store.putObject(key, body, { forbidOverwrite: true }))
    const emptyHeaders = await probeEmptyHeaders(store, key, fetch)
    return {
      capabilities: { ...checksums, forbidOverwrite, emptyHeaders, ...(await probeMultipart(store, key)) },
    }
  } finally {
    await store.deleteObject(key).catch(() => undefined)
  }
}

/** Completes an upload with a checksum although its part was sent without one. */
async function probeChecksums(
  store: ObjectStore,
  key: string,
): Promise<Pick<StoreCapabilities, 'partChecksum' | 'objectChecksum'>> {
  const none = { partChecksum: null, objectChecksum: null }
  let uploadId: string | undefined
  try {
    uploadId = (await store.createMultipartUpload(key, { checksum: true })).uploadId
    const { etag, crc64 } = await store.uploadPart({ key, uploadId, partNumber: 1 }, body)
    const partChecksum = typeOf(crc64)
    if (crc64 === undefined || partChecksum === null) return none
    const parts = [{ partNumber: 1, etag }]
    const object = await store.completeMultipartUpload(key, uploadId, parts, { crc64 })
    uploadId = undefined
    return { partChecksum, objectChecksum: typeOf(object.crc64) }
  } catch (error) {
    if (isNotUnderstood(error)) return none
    throw error
  } finally {
    if (uploadId !== undefined) await store.abortMultipartUpload(key, uploadId)
  }
}

function typeOf(crc64: string | undefined): Crc64Type | null {
  return crc64s.find(([value]) => value === crc64)?.[1] ?? null
}

/** A proxy before the store may drop an empty header, which invalidates the signature. */
async function probeEmptyHeaders(
  store: ObjectStore,
  key: string,
  fetch: typeof globalThis.fetch,
): Promise<boolean> {
  const { url, method, headers } = await store.presign({
    method: 'PUT',
    key,
    headers: { ...emptyObjectHeaders, 'content-length': String(body.length) },
    expiresIn: 300,
  })
  try {
    const answer = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(timeout) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    // Without an answer, empty headers are not used.
    return false
  }
}

async function probeMultipart(store: ObjectStore, key: string) {
  const { uploadId } = await store.createMultipartUpload(key, { checksum: false })
  try {
    const { etag } = await store.uploadPart({ key, uploadId, partNumber: 1 }, body)
    const forbidOverwriteOnComplete = await isRefused(() =>
      store.completeMultipartUpload(key, uploadId, [{ partNumber: 1, etag }], { forbidOverwrite: true }),
    )
    return { etagIsMd5: etag.toLowerCase() === md5, forbidOverwriteOnComplete }
  } finally {
    await store.abortMultipartUpload(key, uploadId)
  }
}

/** Whether the store refuses to overwrite. A store that does not support the condition overwrites. */
async function isRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return false
  } catch (error) {
    if (error instanceof StoreError && (error.status === 409 || error.status === 412)) return true
    if (isNotUnderstood(error)) return false
    throw error
  }
}

function isNotUnderstood(error: unknown): boolean {
  return error instanceof StoreError && (error.status === 400 || error.status === 501)
}
