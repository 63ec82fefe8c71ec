import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, nodeClient } from '../support/node-client.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

let store: StoreUnderTest
let cos: COS
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
})
afterAll(() => store.close())

describe('cos-nodejs-sdk-v5 asks for a bucket', () => {
  it('that is there', async () => {
    expect((await cos.headBucket(bucket)).statusCode).toBe(200)
  })

  it('that is not there', async () => {
    const missing = { ...bucket, Bucket: 'missing-1250000000' }
    expect(await failureOf(cos.headBucket(missing))).toMatchObject({ statusCode: 404 })
    expect(await failureOf(cos.getBucket(missing))).toMatchObject({ statusCode: 404, code: 'NoSuchBucket' })
    expect(await failureOf(cos.putObject({ ...missing, Key: 'a', Body: 'a' }))).toMatchObject({
      statusCode: 404,
      code: 'NoSuchBucket',
    })
  })

  it('makes one, and keeps its objects apart', async () => {
    const second = { ...bucket, Bucket: 'second-1250000000' }
    expect((await cos.putBucket(second)).statusCode).toBe(200)
    expect((await cos.headBucket(second)).statusCode).toBe(200)
    await cos.putObject({ ...second, Key: 'same.txt', Body: 'second' })
    await cos.putObject({ ...bucket, Key: 'same.txt', Body: 'first' })
    expect((await cos.getObject({ ...second, Key: 'same.txt' })).Body.toString()).toBe('second')
    expect((await cos.getObject({ ...bucket, Key: 'same.txt' })).Body.toString()).toBe('first')
    expect(await failureOf(cos.putBucket(second))).toMatchObject({ statusCode: 409 })
  })
})

describe('cos-nodejs-sdk-v5 sets CORS rules', () => {
  const CORSRules: COS.CORSRule[] = [
    {
      AllowedOrigin: ['https://app.example.com', 'https://*.example.org'],
      AllowedMethod: ['GET', 'PUT'],
      AllowedHeader: ['Authorization', 'x-cos-*'],
      ExposeHeader: ['ETag', 'x-cos-hash-crc64ecma'],
      MaxAgeSeconds: 600,
    },
    { AllowedOrigin: ['*'], AllowedMethod: ['GET'], AllowedHeader: [], ExposeHeader: [], MaxAgeSeconds: 5 },
  ]
  const preflight = (Origin: string, method: COS.Method, headers: string) =>
    cos.optionsObject({
      ...bucket,
      Key: 'preflight.txt',
      Origin,
      AccessControlRequestMethod: method,
      AccessControlRequestHeaders: headers,
    })

  it('puts, reads, obeys and deletes them', async () => {
    expect((await cos.putBucketCors({ ...bucket, CORSRules })).statusCode).toBe(200)
    const read = await cos.getBucketCors(bucket)
    expect(read.CORSRules).toHaveLength(2)
    expect(read.CORSRules[0]).toMatchObject({
      AllowedOrigins: ['https://app.example.com', 'https://*.example.org'],
      AllowedMethods: ['GET', 'PUT'],
      ExposeHeaders: ['ETag', 'x-cos-hash-crc64ecma'],
      MaxAgeSeconds: '600',
    })

    const allowed = await preflight('https://app.example.com', 'PUT', 'authorization,x-cos-security-token')
    expect(allowed.statusCode).toBe(200)
    expect(allowed.AccessControlAllowOrigin).toBe('https://app.example.com')
    expect(allowed.AccessControlAllowMethods.split(/, */)).toContain('PUT')
    expect(allowed.AccessControlAllowHeaders.toLowerCase()).toContain('authorization')
    expect(allowed.AccessControlMaxAge).toBe('600')
    expect((await preflight('https://any.example.org', 'PUT', 'authorization')).statusCode).toBe(200)
    for (const refused of [
      preflight('https://elsewhere.example.net', 'PUT', 'authorization'),
      preflight('https://app.example.com', 'DELETE', 'authorization'),
      preflight('https://app.example.com', 'PUT', 'x-other'),
    ]) {
      expect(await refused).toMatchObject({ OptionsForbidden: true, statusCode: 403 })
    }

    expect((await cos.deleteBucketCors(bucket)).statusCode).toBe(204)
    expect(await cos.getBucketCors(bucket)).toMatchObject({ CORSRules: [], statusCode: 404 })
    expect(await preflight('https://app.example.com', 'PUT', 'authorization')).toMatchObject({
      OptionsForbidden: true,
    })
  })

  it('refuses `*` among the exposed headers', async () => {
    const rule: COS.CORSRule = { AllowedOrigin: ['*'], AllowedMethod: ['PUT'], ExposeHeader: ['*'] }
    expect(await failureOf(cos.putBucketCors({ ...bucket, CORSRules: [rule] }))).toMatchObject({
      statusCode: 400,
    })
  })
})

describe('cos-nodejs-sdk-v5 sets lifecycle rules', () => {
  it('puts, reads and deletes them', async () => {
    const Rules: COS.LifecycleRule[] = [
      {
        ID: 'fragments',
        Filter: { Prefix: 'uploads/' },
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: '7' },
      },
      {
        ID: 'everything',
        Filter: {},
        Status: 'Disabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: '30' },
      },
    ]
    expect((await cos.putBucketLifecycle({ ...bucket, Rules })).statusCode).toBe(200)
    const read = await cos.getBucketLifecycle(bucket)
    expect(read.Rules).toHaveLength(2)
    expect(read.Rules[0]).toMatchObject({
      ID: 'fragments',
      Status: 'Enabled',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: '7' },
    })
    expect((await cos.deleteBucketLifecycle(bucket)).statusCode).toBe(204)
    expect(await cos.getBucketLifecycle(bucket)).toMatchObject({ Rules: [], statusCode: 404 })
  })
})
