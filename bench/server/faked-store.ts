import { cosCapabilities, dialects } from '@carryon/object-store'
import type { ObjectStore } from '@carryon/object-store'
import type { StsIssuer } from '@carryon/server'

/** Milliseconds that each call takes, as for a store in the same region. */
const callTime = 5

/** The file of every simulated upload: three parts, as the server's part plan makes them. */
export const file = { size: 20_000_000, partSize: 8 * 2 ** 20, partCount: 3 }
export const etag = 'd41d8cd98f00b204e9800998ecf8427e'
export const crc64 = '11051210869376104954'

const parts = Array.from({ length: file.partCount }, (_, index) => ({
  partNumber: index + 1,
  size: Math.min(file.partSize, file.size - index * file.partSize),
  etag,
}))

/** A store in which every upload has all its parts, and every call takes {@link callTime}. */
export function fakedStore(): ObjectStore {
  let uploads = 0
  const object = { size: file.size, etag: `${etag}-3`, crc64, lastModified: new Date() }
  const never = async () => Promise.reject(new Error('The server does not ask this of a store.'))
  return {
    location: {
      dialect: 'cos',
      baseUrl: 'http://store.test/bench-1250000000',
      bucket: 'bench-1250000000',
      region: 'ap-guangzhou',
    },
    capabilities: cosCapabilities,
    dialect: dialects.cos,
    createMultipartUpload: () => after(() => ({ uploadId: `upload-${process.pid}-${(uploads += 1)}` })),
    listParts: () => after(() => parts),
    completeMultipartUpload: () => after(() => ({ etag: object.etag, crc64 })),
    headObject: () => after(() => object),
    headBucket: () => after(() => undefined),
    abortMultipartUpload: () => after(() => undefined),
    deleteObject: () => after(() => undefined),
    async *listMultipartUploads() {
      // No orphaned multipart uploads.
    },
    uploadPart: never,
    putObject: never,
    getObject: never,
    presign: never,
    presignForm: never,
    isVersioned: never,
    getCors: never,
    putCors: never,
    getAbortIncompleteDays: never,
    putAbortIncompleteDays: never,
  }
}

/** Issues dummy credentials, which nobody checks; each call takes as long as one of the store. */
export function fakedSts(): StsIssuer {
  return {
    issue: ({ lifetime }) =>
      after(() => {
        const startsAt = Math.floor(Date.now() / 1000)
        const secret = 'x'.repeat(40)
        // Same length as Tencent's session tokens.
        const credentials = {
          accessKeyId: secret,
          secretAccessKey: secret,
          sessionToken: 'x'.repeat(700),
        }
        return { credentials, startsAt, expiresAt: startsAt + lifetime }
      }),
  }
}

function after<Value>(make: () => Value): Promise<Value> {
  return new Promise((resolve) => setTimeout(() => resolve(make()), callTime))
}
