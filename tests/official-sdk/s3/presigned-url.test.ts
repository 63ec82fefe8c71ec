import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Client } from '../support/s3-client.js'
import { account, startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { everything, temporaryCredentials } from '../support/temporary-credentials.js'

const object = { Bucket: account.bucket, Key: 'presigned/中 a+b.txt' }
const hour = 3_600_000
/** By default the presigner signs the checksum of an empty body, so that no other body could be stored. */
const requestChecksumCalculation = 'WHEN_REQUIRED'

let store: StoreUnderTest
let s3: S3Client
let now = Date.now()
beforeAll(async () => {
  store = await startStoreUnderTest({ now: () => now })
  s3 = s3Client(store, { requestChecksumCalculation })
})
afterAll(async () => {
  s3.destroy()
  await store.close()
})

describe('@aws-sdk/s3-request-presigner', () => {
  it.each(['permanent', 'temporary'])('makes URLs that write and read, with a %s key', async (kind) => {
    const { SecretId, SecretKey, SecurityToken } = await temporaryCredentials(store, everything)
    const credentials = { accessKeyId: SecretId, secretAccessKey: SecretKey, sessionToken: SecurityToken }
    const client = kind === 'permanent' ? s3 : s3Client(store, { credentials, requestChecksumCalculation })
    const put = new PutObjectCommand({ ...object, Metadata: { kind }, ContentType: 'text/plain' })
    const url = await getSignedUrl(client, put, { expiresIn: 60 })
    const stored = await fetch(url, { method: 'PUT', body: kind, headers: { 'content-type': 'text/plain' } })
    expect(stored.status).toBe(200)
    const get = new GetObjectCommand({ ...object, ResponseContentDisposition: 'attachment' })
    const read = await fetch(await getSignedUrl(client, get, { expiresIn: 604_800 }))
    expect(await read.text()).toBe(kind)
    expect(read.headers.get('x-amz-meta-kind')).toBe(kind)
    expect(read.headers.get('content-type')).toBe('text/plain')
    expect(read.headers.get('content-disposition')).toBe('attachment')
  })

  it('makes URLs that are held to the checksum in them', async () => {
    const plain = s3Client(store)
    const url = await getSignedUrl(plain, new PutObjectCommand({ ...object, Key: 'checked' }))
    plain.destroy()
    expect(url).toContain('x-amz-checksum-crc32=AAAAAA')
    const refused = await fetch(url, { method: 'PUT', body: 'content' })
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('BadDigest')])
    expect((await fetch(url, { method: 'PUT', body: '' })).status).toBe(200)
  })

  it('makes URLs that expire, and are for what they say', async () => {
    await s3.send(new PutObjectCommand({ ...object, Body: 'content' }))
    const url = await getSignedUrl(s3, new GetObjectCommand(object), { expiresIn: 60 })
    const elsewhere = await fetch(url.replace('presigned', 'other'))
    expect([elsewhere.status, await elsewhere.text()]).toEqual([
      403,
      expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
    ])
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403)
    expect((await fetch(url)).status).toBe(200)
    now += hour
    const late = await fetch(url)
    now -= hour
    expect(late.status).toBe(403)
    expect(await late.text()).toContain('<Code>AccessDenied</Code><Message>Request has expired</Message>')
  })
})
