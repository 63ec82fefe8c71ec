import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListPartsCommand,
  paginateListObjectsV2,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type GetObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { afterSigning, s3Client, s3Failure } from '../support/s3-client.js'
import { md5Base64, md5ETag, MiB, sampleBytes } from '../support/sample.js'
import { account, startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { resource, temporaryCredentials } from '../support/temporary-credentials.js'

const Bucket = account.bucket

let store: StoreUnderTest
let s3: S3Client
beforeAll(async () => {
  store = await startStoreUnderTest()
  s3 = s3Client(store)
})
afterAll(async () => {
  s3.destroy()
  await store.close()
})

async function bytesOf({ Body }: GetObjectCommandOutput): Promise<Buffer> {
  if (!(Body instanceof Readable)) throw new Error('There is no body')
  return buffer(Body)
}

async function read(Key: string): Promise<Buffer> {
  return bytesOf(await s3.send(new GetObjectCommand({ Bucket, Key })))
}

describe('@aws-sdk/client-s3 writes and reads objects', () => {
  const bytes = sampleBytes(MiB + 17, 's3')

  it('puts a buffer with its metadata and gets it back, in whole and in part', async () => {
    const Key = 'dir/中文 a+b(1).bin'
    const Metadata = { colour: 'blue' }
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key, Body: bytes, ContentType: 'text/plain', Metadata }),
    )
    expect(put.ETag).toBe(md5ETag(bytes))
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
    expect(got).toMatchObject({ ContentType: 'text/plain', Metadata, ContentLength: bytes.length })
    expect((await bytesOf(got)).equals(bytes)).toBe(true)
    const part = await s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=10-19' }))
    expect(part.ContentRange).toBe(`bytes 10-19/${bytes.length}`)
    expect((await bytesOf(part)).equals(bytes.subarray(10, 20))).toBe(true)
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key }))
    expect(head).toMatchObject({ ETag: md5ETag(bytes), ContentLength: bytes.length, Metadata })
    expect(head.$metadata.requestId).toMatch(/./)
  })

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'puts a stream whose hash is not known before, with %s behind it',
    async (ChecksumAlgorithm) => {
      const Key = `stream-${ChecksumAlgorithm}`
      const Body = Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)], { objectMode: false })
      await s3.send(
        new PutObjectCommand({ Bucket, Key, Body, ContentLength: bytes.length, ChecksumAlgorithm }),
      )
      expect((await read(Key)).equals(bytes)).toBe(true)
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key }))
      expect(head.ContentEncoding).toBeUndefined()
    },
  )

  it('puts with Content-MD5, empty, and only when the key is free', async () => {
    const put = { Bucket, Key: 'md5', Body: bytes, ContentMD5: md5Base64(bytes) }
    await s3.send(new PutObjectCommand(put))
    await s3.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: '' }))
    expect((await read('empty')).length).toBe(0)
    const again = s3.send(new PutObjectCommand({ ...put, IfNoneMatch: '*' }))
    expect(await s3Failure(again)).toMatchObject({ code: 'PreconditionFailed', status: 412 })
  })

  it('copies, with the metadata of the source or with other', async () => {
    const source = { Bucket, Key: 'copy/from +.txt', Body: 'content', Metadata: { colour: 'blue' } }
    await s3.send(new PutObjectCommand(source))
    const CopySource = `${Bucket}/${encodeURIComponent(source.Key)}`
    const copy = await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy/to', CopySource }))
    expect(copy.CopyObjectResult?.ETag).toBe(md5ETag(Buffer.from('content')))
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy/to' }))
    expect(head.Metadata).toEqual({ colour: 'blue' })
    const replaced = { MetadataDirective: 'REPLACE', Metadata: { colour: 'red' } } as const
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy/to', CopySource, ...replaced }))
    const other = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy/to' }))
    expect(other.Metadata).toEqual({ colour: 'red' })
  })

  it('tags', async () => {
    const Key = 'tagged'
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet).toEqual([])
    const TagSet = [{ Key: 'a', Value: '1' }]
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }))
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet).toEqual(TagSet)
  })

  it('deletes one and many, and a missing one is no failure', async () => {
    const keys = ['delete/a&b', 'delete/<c>', 'delete/d']
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'delete/d' }))
    const Objects = keys.map((Key) => ({ Key }))
    const deleted = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
    expect(deleted.Deleted?.map(({ Key }) => Key)).toEqual(keys)
    const head = s3.send(new HeadObjectCommand({ Bucket, Key: 'delete/d' }))
    expect(await s3Failure(head)).toMatchObject({ code: 'NotFound', status: 404 })
    const get = s3.send(new GetObjectCommand({ Bucket, Key: 'delete/d' }))
    expect((await s3Failure(get)).code).toBe('NoSuchKey')
  })

  it('reaches the bucket by its host, too', async () => {
    const virtual = s3Client(store, { forcePathStyle: false, endpoint: 'http://cos.ap-guangzhou.localhost' })
    // Signed for the bucket's host, but sent to loopback: Node does not resolve *.localhost.
    afterSigning(virtual, (request) => Object.assign(request, { hostname: '127.0.0.1', port: store.port }))
    await virtual.send(new PutObjectCommand({ Bucket, Key: 'virtual', Body: 'content' }))
    virtual.destroy()
    expect((await read('virtual')).toString()).toBe('content')
  })
})

describe('@aws-sdk/client-s3 uploads in parts', () => {
  const parts = [sampleBytes(MiB, 'part 1'), sampleBytes(MiB, 'part 2'), sampleBytes(7, 'part 3')] as const

  it('part by part, one of them copied, and lists what there is', async () => {
    const Key = 'multipart.bin'
    await s3.send(new PutObjectCommand({ Bucket, Key: 'second', Body: parts[1] }))
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, Metadata: { a: 'b' } }),
    )
    const upload = { Bucket, Key, UploadId }
    const first = await s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: parts[0] }))
    const CopySource = `${Bucket}/second`
    const second = await s3.send(new UploadPartCopyCommand({ ...upload, PartNumber: 2, CopySource }))
    const third = await s3.send(new UploadPartCommand({ ...upload, PartNumber: 3, Body: parts[2] }))
    const etags = [first.ETag, second.CopyPartResult?.ETag, third.ETag]
    const listed = await s3.send(new ListPartsCommand(upload))
    expect(listed.Parts?.map(({ ETag }) => ETag)).toEqual(etags)
    const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket }))
    expect(uploads.Uploads?.map((one) => one.UploadId)).toContain(UploadId)
    const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }))
    const done = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/)
    expect((await read(Key)).equals(Buffer.concat(parts))).toBe(true)
  })

  it('and gives one up', async () => {
    const upload = { Bucket, Key: 'given-up' }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload))
    await s3.send(new AbortMultipartUploadCommand({ ...upload, UploadId }))
    const listed = s3.send(new ListPartsCommand({ ...upload, UploadId }))
    expect((await s3Failure(listed)).code).toBe('NoSuchUpload')
  })

  it('by @aws-sdk/lib-storage, from a stream of unknown length', async () => {
    const bytes = sampleBytes(11 * MiB, 'lib-storage')
    const params = { Bucket, Key: 'lib-storage.bin', Body: Readable.from([bytes], { objectMode: false }) }
    await new Upload({ client: s3, params, partSize: 5 * MiB }).done()
    expect((await read('lib-storage.bin')).equals(bytes)).toBe(true)
  })
})

describe('@aws-sdk/client-s3 lists', () => {
  const keys = [
    'list/2025/a',
    'list/2025/b',
    'list/2026/c',
    'list/Z',
    'list/a b+c&d',
    'list/续传',
    'list/！',
    'list/👩',
  ]
  beforeAll(async () => {
    for (const Key of [...keys].reverse()) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  })

  it('in pages, without a gap or a repeat', async () => {
    const pages = paginateListObjectsV2({ client: s3, pageSize: 3 }, { Bucket, Prefix: 'list/' })
    const seen: (string | undefined)[][] = []
    for await (const page of pages) {
      expect(page.KeyCount).toBe(page.Contents?.length)
      seen.push((page.Contents ?? []).map(({ Key }) => Key))
    }
    expect(seen).toEqual([keys.slice(0, 3), keys.slice(3, 6), keys.slice(6)])
  })

  it('grouped, after a key, with owners, encoded', async () => {
    const list = { Bucket, Prefix: 'list/', Delimiter: '/' }
    const grouped = await s3.send(new ListObjectsV2Command(list))
    expect(grouped.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['list/2025/', 'list/2026/'])
    expect(grouped).toMatchObject({ KeyCount: 7, IsTruncated: false, MaxKeys: 1000, Name: Bucket })
    expect(grouped.Contents?.[0]).toMatchObject({
      Key: 'list/Z',
      Size: 6,
      ETag: md5ETag(Buffer.from('list/Z')),
    })
    expect(grouped.Contents?.[0]?.Owner).toBeUndefined()
    const seen: (string | undefined)[] = []
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, list)) {
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix))
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key))
    }
    expect(seen).toEqual(['list/2025/', 'list/2026/', ...keys.slice(3)])
    const after = await s3.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: 'list/',
        StartAfter: 'list/Z',
        FetchOwner: true,
        EncodingType: 'url',
      }),
    )
    expect(after.Contents?.map(({ Key }) => decodeURIComponent(Key ?? ''))).toEqual(keys.slice(4))
    expect(after.Contents?.[0]).toMatchObject({
      Key: 'list/a%20b%2Bc%26d',
      Owner: { DisplayName: account.appId },
    })
    const none = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'nothing/' }))
    expect([none.KeyCount, none.Contents]).toEqual([0, undefined])
    const broken = s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '!' }))
    expect((await s3Failure(broken)).code).toBe('InvalidArgument')
  })

  it('by the first version of the listing, too', async () => {
    const page = await s3.send(new ListObjectsCommand({ Bucket, Prefix: 'list/', MaxKeys: 3 }))
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(keys.slice(0, 3))
    expect(page.IsTruncated).toBe(true)
  })
})

describe('@aws-sdk/client-s3 has buckets', () => {
  it('made, found, listed and deleted', async () => {
    const other = 'other-1250000000'
    const LocationConstraint = account.region as never
    await s3.send(
      new CreateBucketCommand({ Bucket: other, CreateBucketConfiguration: { LocationConstraint } }),
    )
    const { Buckets, Owner } = await s3.send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket, other])
    expect(Buckets?.[0]?.CreationDate).toBeInstanceOf(Date)
    expect(Owner?.DisplayName).toBe(account.appId)
    const head = await s3.send(new HeadBucketCommand({ Bucket: other }))
    expect(head.BucketRegion).toBe(account.region)
    const location = await s3.send(new GetBucketLocationCommand({ Bucket: other }))
    expect(location.LocationConstraint).toBe(account.region)
    await s3.send(new DeleteBucketCommand({ Bucket: other }))
    const gone = await s3Failure(s3.send(new HeadBucketCommand({ Bucket: other })))
    expect(gone).toMatchObject({ code: 'NotFound', status: 404 })
    const elsewhere = { LocationConstraint: 'eu-west-1' } as const
    const refused = s3.send(new CreateBucketCommand({ Bucket: other, CreateBucketConfiguration: elsewhere }))
    expect((await s3Failure(refused)).code).toBe('InvalidLocationConstraint')
  })
})

describe('@aws-sdk/client-s3 with a temporary credential', () => {
  it('does what the policy says and no more', async () => {
    const { SecretId, SecretKey, SecurityToken } = await temporaryCredentials(store, [
      { effect: 'allow', action: 'name/cos:PutObject', resource: resource('mine/*') },
    ])
    const credentials = { accessKeyId: SecretId, secretAccessKey: SecretKey, sessionToken: SecurityToken }
    const narrow = s3Client(store, { credentials })
    await narrow.send(new PutObjectCommand({ Bucket, Key: 'mine/a', Body: 'content' }))
    const elsewhere = narrow.send(new PutObjectCommand({ Bucket, Key: 'yours/a', Body: 'content' }))
    expect(await s3Failure(elsewhere)).toMatchObject({ code: 'AccessDenied', status: 403 })
    const reads = narrow.send(new GetObjectCommand({ Bucket, Key: 'mine/a' }))
    expect((await s3Failure(reads)).code).toBe('AccessDenied')
    narrow.destroy()
    expect((await read('mine/a')).toString()).toBe('content')
  })
})
