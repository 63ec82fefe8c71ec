import type { ObjectStore, StoreCapabilities } from './object-store.js'
import { StoreError } from './store-error.js'

/** What a store does, and no document of it can be trusted to say. */
export interface ProbedStore {
  readonly capabilities: Pick<
    StoreCapabilities,
    'etagIsMd5' | 'forbidOverwrite' | 'forbidOverwriteOnComplete'
  >
  /** Whether it checks a CRC-64/NVME that comes with an object and answers it. */
  readonly crc64Nvme: boolean
}

/** The text for which catalogues of checksums give their values, so that none has to be computed here. */
const body = new TextEncoder().encode('123456789')
const md5 = '25f9e794323b453885f5181f1b624d0b'
/** 0xAE8B14860A799888 (reveng's catalogue, CRC-64/NVME), big-endian in Base64 as S3 has it. */
const crc64Nvme = 'rosUhgp5mIg='
const crc64NvmeHeader = 'x-amz-checksum-crc64nvme'

/**
 * Tries out on one small object, which is gone afterwards, what cannot be known beforehand: encryption with SSE-KMS
 * changes ETags, and S3-compatible stores honour conditions here and ignore them there. Takes some ten requests.
 *
 * @param prefix of the key that is tried
 * @throws StoreError when the store refuses what every upload needs.
 * @example const { capabilities } = await probeStore(store, 'uploads/')
 */
export async function probeStore(
  store: ObjectStore,
  prefix: string,
  fetch = globalThis.fetch,
): Promise<ProbedStore> {
  const key = `${prefix}carryon-check-${crypto.randomUUID()}`
  try {
    const answersCrc64 = await checksCrc64Nvme(store, key, fetch)
    await store.putObject(key, body)
    const forbidOverwrite = await isRefused(() => store.putObject(key, body, { forbidOverwrite: true }))
    return {
      capabilities: { forbidOverwrite, ...(await probeMultipart(store, key)) },
      crc64Nvme: answersCrc64,
    }
  } finally {
    await store.deleteObject(key).catch(() => undefined)
  }
}

async function probeMultipart(store: ObjectStore, key: string) {
  const { uploadId } = await store.createMultipartUpload(key)
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

/** Whether the store says that the key is taken. One that does not understand the condition cannot be relied on. */
async function isRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return false
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    if (error.status === 409 || error.status === 412) return true
    if (error.status === 400 || error.status === 501) return false
    throw error
  }
}

async function checksCrc64Nvme(store: ObjectStore, key: string, fetch: typeof globalThis.fetch) {
  if (store.location.dialect !== 's3') return false
  const headers = { [crc64NvmeHeader]: crc64Nvme }
  const signed = await store.presign({ method: 'PUT', key, headers, expiresIn: 60 })
  const answer = await fetch(signed.url, { method: 'PUT', headers: signed.headers, body })
  await answer.body?.cancel()
  return answer.ok && answer.headers.get(crc64NvmeHeader) === crc64Nvme
}
