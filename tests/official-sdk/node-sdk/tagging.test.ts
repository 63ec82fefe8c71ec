import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, header, nodeClient } from '../support/node-client.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const Tags = [
  { Key: '部门', Value: '存储 1' },
  { Key: 'k2', Value: 'v+2' },
]

let store: StoreUnderTest
let cos: COS
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
})
afterAll(() => store.close())

describe('cos-nodejs-sdk-v5 tags', () => {
  it('an object when it puts it', async () => {
    const object = { ...bucket, Key: 'tags/at-put.txt' }
    const tagging = Tags.map(({ Key, Value }) => `${encodeURIComponent(Key)}=${encodeURIComponent(Value)}`)
    await cos.putObject({ ...object, Body: 'x', Headers: { 'x-cos-tagging': tagging.join('&') } })
    expect(header(await cos.headObject(object), 'x-cos-tagging-count')).toBe('2')
    expect((await cos.getObjectTagging(object)).Tags).toEqual(Tags)
  })

  it('an object later, and takes the tags away', async () => {
    const object = { ...bucket, Key: 'tags/later.txt' }
    await cos.putObject({ ...object, Body: 'x' })
    expect(await cos.getObjectTagging(object)).toMatchObject({ Tags: [], statusCode: 404 })
    await cos.putObjectTagging({ ...object, Tags })
    expect((await cos.getObjectTagging(object)).Tags).toEqual(Tags)
    await cos.deleteObjectTagging(object)
    expect((await cos.getObjectTagging(object)).Tags).toEqual([])
    const missing = cos.putObjectTagging({ ...bucket, Key: 'tags/missing', Tags })
    expect(await failureOf(missing)).toMatchObject({ statusCode: 404, code: 'NoSuchKey' })
  })

  it('a bucket', async () => {
    await cos.putBucketTagging({ ...bucket, Tags })
    expect((await cos.getBucketTagging(bucket)).Tags).toEqual(Tags)
    await cos.deleteBucketTagging(bucket)
    expect((await cos.getBucketTagging(bucket)).Tags).toEqual([])
  })
})
