import { Readable } from 'node:stream'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { afterSigning, s3Client, s3Failure, type SignedRequest } from '../support/s3-client.js'
import { account, startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const object = { Bucket: account.bucket, Key: 'refused' }

let store: StoreUnderTest
let now = Date.now
const clients: S3Client[] = []
beforeAll(async () => {
  store = await startStoreUnderTest({ now: () => now() })
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await store.close()
})

/** @param tamper changes a request after signing. */
function client(
  options: Parameters<typeof s3Client>[1] = {},
  tamper?: (request: SignedRequest) => void,
): S3Client {
  const made = s3Client(store, options)
  clients.push(made)
  if (tamper !== undefined) afterSigning(made, tamper)
  return made
}

const put = (one: S3Client, Body: string | Readable = 'content'): Promise<unknown> =>
  one.send(new PutObjectCommand({ ...object, Body, ContentLength: 7 }))
const stream = (text: string): Readable => Readable.from([Buffer.from(text)], { objectMode: false })

describe('@aws-sdk/client-s3 is told what is wrong, and nothing is stored', () => {
  it('of another secret, and of an unknown key', async () => {
    const { secretId: accessKeyId } = account
    const wrong = client({ credentials: { accessKeyId, secretAccessKey: 'x' } })
    expect(await s3Failure(put(wrong))).toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 })
    const unknown = client({ credentials: { accessKeyId: 'AKIDx', secretAccessKey: 'x' } })
    expect(await s3Failure(put(unknown))).toMatchObject({ code: 'InvalidAccessKeyId', status: 403 })
  })

  it('of a clock that is off, which it corrects when it may try again', async () => {
    now = () => Date.now() + 3_600_000
    expect((await s3Failure(put(client()))).code).toBe('RequestTimeTooSkewed')
    await put(client({ maxAttempts: 2 }))
    now = Date.now
  })

  it('of a body that was changed on its way', async () => {
    const hashed = client({ requestChecksumCalculation: 'WHEN_REQUIRED' }, (request) => {
      request.body = 'contenu'
    })
    expect(await s3Failure(put(hashed))).toMatchObject({ code: 'XAmzContentSHA256Mismatch', status: 400 })
  })

  it('of a stream whose bytes, or whose trailer, were changed on their way', async () => {
    const changed = (from: string, to: string): S3Client =>
      client({}, (request) => {
        request.body = Readable.from(replaced(request.body as Readable, from, to), { objectMode: false })
      })
    expect((await s3Failure(put(changed('content', 'contenu'), stream('content')))).code).toBe('BadDigest')
    const trailer = changed('x-amz-checksum-crc32:', 'x-amz-checksum-crc32:A')
    expect((await s3Failure(put(trailer, stream('content')))).code).toBe('BadDigest')
    const malformed = changed('7\r\n', 'z\r\n')
    expect((await s3Failure(put(malformed, stream('content')))).status).toBe(400)
  })

  it('of a header that was added, and of what the store does not have', async () => {
    const added = client({}, ({ headers }) => {
      headers['x-amz-acl'] = 'public-read'
    })
    expect((await s3Failure(put(added))).code).toBe('AccessDenied')
    const locked = new PutObjectCommand({ ...object, Body: 'x', ObjectLockLegalHoldStatus: 'ON' })
    expect(await s3Failure(client().send(locked))).toMatchObject({ code: 'NotImplemented', status: 501 })
    const version = new GetObjectCommand({ ...object, VersionId: '1' })
    expect((await s3Failure(client().send(version))).code).toBe('InvalidArgument')
  })

  it('and what was there stays', async () => {
    const head = await client().send(new HeadObjectCommand(object))
    // The object of the client that corrected its clock.
    expect(head.ContentLength).toBe(7)
    expect(await (await client().send(new GetObjectCommand(object))).Body?.transformToString()).toBe(
      'content',
    )
  })
})

async function* replaced(body: Readable, from: string, to: string): AsyncGenerator<Buffer> {
  let text = ''
  for await (const chunk of body as AsyncIterable<Buffer | string>) text += chunk.toString()
  yield Buffer.from(text.replace(from, to))
}
