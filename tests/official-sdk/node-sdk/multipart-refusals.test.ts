import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, nodeClient } from '../support/node-client.js'
import { md5Base64, md5ETag, MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const object = { ...bucket, Key: 'refused.bin' } as const
const first = sampleBytes(MiB, 'first')
const second = sampleBytes(MiB, 'second')

let store: StoreUnderTest
let cos: COS
let upload: typeof object & { UploadId: string }
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
})
afterAll(() => store.close())
beforeEach(async () => {
  upload = { ...object, UploadId: (await cos.multipartInit(object)).UploadId }
})

const send = (PartNumber: number, Body: Buffer) => cos.multipartUpload({ ...upload, PartNumber, Body })
const complete = (...parts: [number, Buffer][]) =>
  cos.multipartComplete({
    ...upload,
    Parts: parts.map(([PartNumber, body]) => ({ PartNumber, ETag: md5ETag(body) })),
  })

describe('a refused complete leaves the upload open', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['a part that was never sent', 'InvalidPart', () => complete([1, first], [2, second], [3, second])],
    ['an ETag that is another', 'InvalidPart', () => complete([1, first], [2, first])],
    ['parts out of order', 'InvalidPartOrder', () => complete([2, second], [1, first])],
    ['a gap in the numbers', 'InvalidPart', () => complete([1, first], [3, second])],
  ])('%s: %s', async (_what, code, call) => {
    await send(1, first)
    await send(2, second)
    expect(await failureOf(call())).toMatchObject({ statusCode: 400, code })
    await complete([1, first], [2, second])
    expect((await cos.getObject(object)).Body.equals(Buffer.concat([first, second]))).toBe(true)
  })

  it('a part under 1 MiB that is not the last: EntityTooSmall', async () => {
    const small = sampleBytes(MiB - 1, 'small')
    await send(1, small)
    await send(2, second)
    expect(await failureOf(complete([1, small], [2, second]))).toMatchObject({
      statusCode: 400,
      code: 'EntityTooSmall',
    })
    await send(1, first)
    await complete([1, first], [2, second])
  })
})

describe('a refused part is not kept', () => {
  it('content that fails its Content-MD5', async () => {
    const Headers = { 'Content-MD5': md5Base64(second) }
    expect(
      await failureOf(cos.multipartUpload({ ...upload, PartNumber: 1, Body: first, Headers })),
    ).toMatchObject({ statusCode: 400, code: 'BadDigest' })
    expect((await cos.multipartListPart(upload)).Part).toEqual([])
  })

  it.each([0, 10_001])('the part number %i', async (number) => {
    expect(await failureOf(send(number, first))).toMatchObject({ statusCode: 400, code: 'InvalidArgument' })
  })

  it('an upload id that nobody gave out, or of another key', async () => {
    for (const call of [
      cos.multipartUpload({ ...upload, UploadId: '1700000000abc', PartNumber: 1, Body: first }),
      cos.multipartUpload({ ...upload, UploadId: '../../etc/passwd', PartNumber: 1, Body: first }),
      cos.multipartUpload({ ...upload, Key: 'another.bin', PartNumber: 1, Body: first }),
    ]) {
      expect(await failureOf(call)).toMatchObject({ statusCode: 404, code: 'NoSuchUpload' })
    }
  })

  it('a key of more than 850 bytes', async () => {
    const Key = '长'.repeat(284)
    expect(await failureOf(cos.multipartInit({ ...bucket, Key }))).toMatchObject({
      statusCode: 400,
      code: 'KeyTooLong',
    })
  })
})
