import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Client, s3Failure } from '../support/s3-client.js'
import { account, startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const Bucket = account.bucket
const object = { Bucket, Key: 'versions/a+b 中.txt' }

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

async function put(Body: string): Promise<string> {
  return (await s3.send(new PutObjectCommand({ ...object, Body }))).VersionId ?? ''
}

async function read(VersionId?: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ ...object, VersionId }))
  return (await Body?.transformToString()) ?? ''
}

describe('@aws-sdk/client-s3 keeps versions', () => {
  it('and reads, lists, copies, deletes and brings them back', async () => {
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined()
    const before = await s3.send(new ListObjectVersionsCommand({ Bucket }))
    expect(before.Versions).toBeUndefined()
    await put('before')
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled')

    const ids = [await put('one'), await put('two')]
    expect([await read(), await read(ids[0]), await read('null')]).toEqual(['two', 'one', 'before'])
    const CopySource = `${Bucket}/${encodeURIComponent(object.Key)}?versionId=${ids[0] ?? ''}`
    const copy = await s3.send(new CopyObjectCommand({ ...object, CopySource }))
    expect(copy.CopySourceVersionId).toBe(ids[0])
    expect(await read(copy.VersionId)).toBe('one')

    const deleted = await s3.send(new DeleteObjectCommand(object))
    expect(deleted.DeleteMarker).toBe(true)
    expect(await s3Failure(s3.send(new HeadObjectCommand(object)))).toMatchObject({ status: 404 })
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }))
    expect(listed.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [deleted.VersionId, true],
    ])
    expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([
      copy.VersionId,
      ids[1],
      ids[0],
      'null',
    ])
    await s3.send(new DeleteObjectCommand({ ...object, VersionId: deleted.VersionId }))
    expect(await read()).toBe('one')
  })

  it('takes no object for a missing one, and a deleted one for missing, where a PUT asks for that', async () => {
    const once = { ...object, Body: 'again', IfNoneMatch: '*' } as const
    expect(await s3Failure(s3.send(new PutObjectCommand(once)))).toMatchObject({ status: 412 })
    await s3.send(new DeleteObjectCommand(object))
    await s3.send(new PutObjectCommand(once))
    expect(await read()).toBe('again')
  })

  it('in pages, and removes all of them at once', async () => {
    const first = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 3 }))
    expect([first.IsTruncated, first.NextKeyMarker]).toEqual([true, object.Key])
    const rest = await s3.send(
      new ListObjectVersionsCommand({
        Bucket,
        KeyMarker: first.NextKeyMarker,
        VersionIdMarker: first.NextVersionIdMarker,
      }),
    )
    const all = [first, rest].flatMap(({ Versions = [], DeleteMarkers = [] }) => [
      ...Versions,
      ...DeleteMarkers,
    ])
    const Objects = all.map(({ Key, VersionId }) => ({ Key: Key ?? '', VersionId }))
    expect(new Set(Objects.map(({ VersionId }) => VersionId)).size).toBe(6)
    const removed = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
    expect(removed.Deleted).toHaveLength(6)
    expect((await s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toBeUndefined()
  })
})
