import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, header, nodeClient } from '../support/node-client.js'
import { md5ETag, MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const bytes = sampleBytes(3 * MiB + 5, 'reading')
const object = { ...bucket, Key: 'reading/三.bin' } as const

let store: StoreUnderTest
let cos: COS
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
  await cos.putObject({ ...object, Body: bytes, ContentType: 'application/x-sample' })
})
afterAll(() => store.close())

describe('cos-nodejs-sdk-v5 reads ranges', () => {
  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=100-1099', 100, 1100],
    [`bytes=${2 * MiB}-`, 2 * MiB, bytes.length],
    ['bytes=-5', bytes.length - 5, bytes.length],
    [`bytes=10-${bytes.length * 2}`, 10, bytes.length],
  ])('%s', async (Range, start, end) => {
    const part = await cos.getObject({ ...object, Range })
    expect(part.statusCode).toBe(206)
    expect(part.Body.equals(bytes.subarray(start, end))).toBe(true)
    expect(header(part, 'content-range')).toBe(`bytes ${start}-${end - 1}/${bytes.length}`)
  })

  it('refuses a range behind the end', async () => {
    expect(await failureOf(cos.getObject({ ...object, Range: `bytes=${bytes.length}-` }))).toMatchObject({
      statusCode: 416,
      code: 'InvalidRange',
    })
  })

  it('downloads in parallel chunks', async () => {
    const FilePath = join(store.scratch, 'downloaded.bin')
    await cos.downloadFile({ ...object, FilePath, ChunkSize: MiB, ParallelLimit: 3 })
    expect((await readFile(FilePath)).equals(bytes)).toBe(true)
  })
})

describe('cos-nodejs-sdk-v5 reads on conditions', () => {
  const past = 'Mon, 01 Jan 2018 00:00:00 GMT'
  const future = 'Fri, 01 Jan 2038 00:00:00 GMT'

  it('answers content when the condition holds', async () => {
    for (const condition of [
      { IfMatch: md5ETag(bytes) },
      { IfNoneMatch: '"0123456789abcdef0123456789abcdef"' },
      { IfModifiedSince: past },
      { IfUnmodifiedSince: future },
    ]) {
      const got = await cos.getObject({ ...object, ...condition })
      expect(got.Body.equals(bytes)).toBe(true)
    }
  })

  it('answers 304 when nothing changed', async () => {
    expect(await failureOf(cos.getObject({ ...object, IfNoneMatch: md5ETag(bytes) }))).toMatchObject({
      statusCode: 304,
    })
    expect(await cos.getObject({ ...object, IfModifiedSince: future })).toMatchObject({ NotModified: true })
  })

  it('answers 412 when another content was expected', async () => {
    for (const condition of [
      { IfMatch: '"0123456789abcdef0123456789abcdef"' },
      { IfUnmodifiedSince: past },
    ]) {
      expect(await failureOf(cos.getObject({ ...object, ...condition }))).toMatchObject({
        statusCode: 412,
        code: 'PreconditionFailed',
      })
    }
  })
})

describe('cos-nodejs-sdk-v5 reads with other headers', () => {
  it('lets the request replace the response headers', async () => {
    const got = await cos.getObject({
      ...object,
      ResponseContentType: 'text/plain; charset=gbk',
      ResponseCacheControl: 'no-store',
      ResponseContentDisposition: 'attachment; filename="a b.bin"',
    })
    expect(header(got, 'content-type')).toBe('text/plain; charset=gbk')
    expect(header(got, 'cache-control')).toBe('no-store')
    expect(header(got, 'content-disposition')).toBe('attachment; filename="a b.bin"')
    expect(header(await cos.headObject(object), 'content-type')).toBe('application/x-sample')
  })
})
