import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
} from '@aws-sdk/client-s3'
import { PutObjectCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import { Upload as AmazonUpload } from '@aws-sdk/lib-storage'
import { createUploader, httpBackend } from '@carryon/client'
import { createS3Store, probeForms, probeStore, readBase64Crc64, s3Location } from '@carryon/object-store'
import type { ObjectStore, StoreOptions } from '@carryon/object-store'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../apps/carryon/src/config.js'
import { serve } from '../../apps/carryon/src/serve.js'
import { storeContract } from '@carryon/testing/store-contract'
import { cookieFetch } from '../support/cookie-fetch.js'
import { amazonCrc64 } from './amazon-crc64.js'
import type { Ceph } from './ceph.js'
import { startChecksumGateway } from './checksum-gateway.js'
import type { ChecksumGateway, GatewayOptions } from './checksum-gateway.js'

const partSize = 5 * 2 ** 20
const sums = { partChecksum: 'crc64nvme', objectChecksum: 'crc64nvme' } as const

/** Tests CRC-64/NVME as in Amazon S3, on a store with real authorization, parts and objects. */
export function checksums(ceph: () => Ceph): void {
  const closing: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  async function gatewayOf(options: GatewayOptions = {}): Promise<ChecksumGateway> {
    const gateway = await startChecksumGateway(ceph().endpoint, options)
    closing.push(() => gateway.close())
    return gateway
  }

  const open = (endpoint: string, bucket: string, options: Partial<StoreOptions> = {}): ObjectStore =>
    createS3Store({
      location: s3Location({ bucket, region: 'us-east-1', endpoint, forcePathStyle: true }),
      credentials: ceph().credentials,
      capabilities: { ...sums, forbidOverwriteOnComplete: false },
      ...options,
    })

  describe("is to Amazon's SDK what it expects", () => {
    const client = (endpoint: string): S3Client =>
      new S3Client({
        endpoint,
        region: 'us-east-1',
        forcePathStyle: true,
        credentials: ceph().credentials,
        maxAttempts: 1,
      })

    test('a file in parts, each checked, and the sum of the whole', async () => {
      const gateway = await gatewayOf()
      const Bucket = await ceph().createBucket()
      const s3 = client(gateway.endpoint)
      closing.push(() => s3.destroy())
      const Body = randomBytes(2 * partSize + 12_345)
      const ChecksumCRC64NVME = await amazonCrc64(Body)
      const params = { Bucket, Key: 'a.bin', Body, ChecksumAlgorithm: 'CRC64NVME' } as const
      const done = await new AmazonUpload({ client: s3, partSize, params }).done()
      expect(done).toMatchObject({ ChecksumCRC64NVME, ChecksumType: 'FULL_OBJECT' })
      const head = new HeadObjectCommand({ Bucket, Key: 'a.bin', ChecksumMode: 'ENABLED' })
      expect(await s3.send(head)).toMatchObject({ ChecksumCRC64NVME })
      const wrong = { Bucket, Key: 'b.bin', Body: 'b', ChecksumCRC64NVME }
      await expect(s3.send(new PutObjectCommand(wrong))).rejects.toMatchObject({ name: 'BadDigest' })
    })

    test('a wrong sum of a part, and of the whole, is refused', async () => {
      const gateway = await gatewayOf()
      const upload = { Bucket: await ceph().createBucket(), Key: 'a.bin' }
      const s3 = client(gateway.endpoint)
      closing.push(() => s3.destroy())
      const asked = { ...upload, ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' } as const
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand(asked))
      const part = { ...upload, UploadId, PartNumber: 1 }
      const ChecksumCRC64NVME = await amazonCrc64(Buffer.from('other'))
      const wrong = new UploadPartCommand({ ...part, Body: 'bytes', ChecksumCRC64NVME })
      await expect(s3.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' })
      const right = new UploadPartCommand({ ...part, Body: 'bytes', ChecksumAlgorithm: 'CRC64NVME' })
      const { ETag } = await s3.send(right)
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
      const join = { ...upload, UploadId, MultipartUpload, ChecksumCRC64NVME }
      await expect(s3.send(new CompleteMultipartUploadCommand(join))).rejects.toMatchObject({
        name: 'BadDigest',
      })
    })
  })

  describe('keeps the contract', () => {
    let gateway: ChecksumGateway | undefined
    const running = (): ChecksumGateway => gateway ?? expect.fail('The gateway has not started.')
    beforeAll(async () => void (gateway = await startChecksumGateway(ceph().endpoint)))
    afterAll(async () => gateway?.close())
    storeContract(
      's3 with CRC-64/NVME before Ceph',
      async () => {
        const bucket = await ceph().createBucket()
        return {
          credentials: ceph().credentials,
          open: (options) => open(running().endpoint, bucket, options),
          stop: async () => undefined,
        }
      },
      { forbidOverwriteOnComplete: false },
    )
  })

  test('a store refuses to join parts to anything but what the whole is claimed to be', async () => {
    const gateway = await gatewayOf()
    const store = open(gateway.endpoint, await ceph().createBucket())
    const { uploadId } = await store.createMultipartUpload('a')
    const { etag, crc64 } = await store.uploadPart({ key: 'a', uploadId, partNumber: 1 }, randomBytes(1000))
    const parts = [{ partNumber: 1, etag }]
    const wrong = store.completeMultipartUpload('a', uploadId, parts, { crc64: '1' })
    await expect(wrong).rejects.toMatchObject({ code: 'BadDigest' })
    expect(await store.headObject('a')).toBeNull()
    expect(await store.completeMultipartUpload('a', uploadId, parts, { crc64: crc64 ?? '' })).toMatchObject({
      crc64,
    })
  })

  test.each([
    ['S3', {}, sums],
    [
      'one that wants a checksum with each part',
      { wantsPartSums: true },
      { partChecksum: null, objectChecksum: null },
    ],
  ])('is found by trying out: %s', async (_, options, found) => {
    const gateway = await gatewayOf(options)
    const store = open(gateway.endpoint, await ceph().createBucket())
    const { capabilities } = await probeStore(store, 'uploads/')
    expect(capabilities).toMatchObject({ ...found, etagIsMd5: true })
    expect(await probeForms(store, 'uploads/')).toBe(false)
    for await (const { key } of store.listMultipartUploads(''))
      expect.fail(`a multipart upload is left of ${key}`)
  })

  describe('uploads', () => {
    /** A server whose store is behind a gateway, and an uploader. */
    async function service(options: GatewayOptions, access: 'role' | 'urls' = 'role') {
      const gateway = await gatewayOf(options)
      const bucket = await ceph().createBucket()
      const folder = await mkdtemp(join(tmpdir(), 'carryon-checksums-'))
      closing.push(() => rm(folder, { recursive: true }))
      const environment = { ...ceph().environment(bucket, access), S3_ENDPOINT: gateway.endpoint }
      const config = readConfig({ ...environment, PORT: '0', DATA_DIR: folder })
      const server = await serve(config, pino({ level: 'silent' }))
      closing.push(() => server.close())
      const backend = httpBackend(`${server.url}api`, { fetch: cookieFetch() })
      const uploader = () => {
        const made = createUploader({ backend, partSize })
        closing.push(() => made.close())
        return made
      }
      return { gateway, store: open(gateway.endpoint, bucket), uploader, tried: gateway.arrived.length }
    }

    test.each(['role', 'urls'] as const)(
      'a file is verified by its CRC-64/NVME alone, by %s',
      async (access) => {
        const { store, uploader } = await service({}, access)
        const bytes = randomBytes(3 * partSize + 12_345)
        const result = await uploader().upload(new File([bytes], 'film.mp4')).done
        expect(result).toMatchObject({
          crc64: readBase64Crc64(await amazonCrc64(bytes)),
          crc64Type: 'crc64nvme',
          verified: ['object-crc64', 'part-crc64', 'size'],
        })
        expect(await digestOf(store, result.key)).toBe(sha256(bytes))
      },
    )

    test('a part that was damaged on its way is found out and sent again', async () => {
      const { gateway, store, uploader, tried } = await service({})
      const bytes = randomBytes(4 * partSize)
      gateway.corruptNextPart()
      const result = await uploader().upload(new File([bytes], 'film.mp4')).done
      const arrived = gateway.arrived.slice(tried)
      expect([arrived.length, new Set(arrived).size]).toEqual([5, 4])
      expect(result.verified).toContain('object-crc64')
      expect(await digestOf(store, result.key)).toBe(sha256(bytes))
    })

    test('a second page compares what it finds by the CRC-64/NVME that the store lists', async () => {
      const { gateway, store, uploader, tried } = await service({})
      const bytes = randomBytes(6 * partSize)
      const first = uploader()
      const begun = first.upload(new File([bytes], 'film.mp4'))
      await new Promise<void>((resolve) => {
        begun.on('change', ({ progress }) => {
          if (progress.loaded >= 2 * partSize) resolve()
        })
      })
      first.close()
      const resumed = uploader().upload(new File([bytes], 'film.mp4'))
      const result = await resumed.done
      expect(resumed.snapshot.resumedBytes).toBeGreaterThanOrEqual(2 * partSize)
      expect(gateway.arrived.length - tried).toBeLessThan(12)
      expect(result.verified).toEqual(['object-crc64', 'part-crc64', 'size'])
      expect(await digestOf(store, result.key)).toBe(sha256(bytes))
    })

    test('small files go as one PUT, with theirs', async () => {
      const { store, uploader } = await service({})
      const page = uploader()
      for (const size of [0, 1, 2 ** 20]) {
        const bytes = randomBytes(size)
        const result = await page.upload(new File([bytes], 'photo.jpg')).done
        expect(result).toMatchObject({
          crc64: readBase64Crc64(await amazonCrc64(bytes)),
          crc64Type: 'crc64nvme',
        })
        expect(result.verified).toContain('object-crc64')
        expect(await digestOf(store, result.key)).toBe(sha256(bytes))
      }
    })

    test('where each part had to bring its own, MD5 is what counts, as before', async () => {
      const { store, uploader } = await service({ wantsPartSums: true })
      const bytes = randomBytes(2 * partSize)
      const result = await uploader().upload(new File([bytes], 'film.mp4')).done
      expect(result).toMatchObject({ crc64: null, verified: ['part-md5', 'size'] })
      expect(await digestOf(store, result.key)).toBe(sha256(bytes))
    })

    test('a file that is stored already is recognised by both', async () => {
      const { uploader } = await service({})
      const file = new File([randomBytes(2 * partSize + 1)], 'film.mp4')
      const page = uploader()
      const first = await page.upload(file).done
      const again = await page.upload(file, { onDuplicate: 'reuse' }).done
      expect(again).toEqual({ ...first, verified: ['object-crc64', 'part-md5', 'size'], reused: true })
    })
  })
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function digestOf(store: ObjectStore, key: string): Promise<string> {
  return sha256(new Uint8Array(await (await store.getObject(key)).arrayBuffer()))
}
