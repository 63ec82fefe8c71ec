import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, header, nodeClient, permanentCredentials } from '../support/node-client.js'
import { crc64, md5Base64, md5ETag, MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { everything, temporaryCredentials } from '../support/temporary-credentials.js'

let store: StoreUnderTest
beforeAll(async () => {
  store = await startStoreUnderTest()
})
afterAll(() => store.close())

describe.each(['permanent', 'temporary'])('cos-nodejs-sdk-v5 writes objects with %s credentials', (kind) => {
  let cos: COS
  beforeAll(async () => {
    cos = nodeClient(
      store,
      kind === 'permanent' ? permanentCredentials : await temporaryCredentials(store, everything),
    )
  })

  async function readBack(key: string): Promise<Buffer> {
    return (await cos.getObject({ ...bucket, Key: key })).Body
  }

  it('puts a buffer, and answers the MD5 as ETag and the CRC64', async () => {
    const bytes = sampleBytes(MiB + 17, kind)
    const Key = `${kind}/buffer.bin`
    const put = await cos.putObject({ ...bucket, Key, Body: bytes })
    expect(put.statusCode).toBe(200)
    expect(put.ETag).toBe(md5ETag(bytes))
    expect(header(put, 'x-cos-hash-crc64ecma')).toBe(await crc64(bytes))
    expect(put.RequestId).toBeTruthy()

    const got = await cos.getObject({ ...bucket, Key })
    expect(got.Body.equals(bytes)).toBe(true)
    expect(got.ETag).toBe(md5ETag(bytes))
    expect(header(got, 'content-length')).toBe(String(bytes.length))
    expect(header(got, 'x-cos-hash-crc64ecma')).toBe(await crc64(bytes))

    const head = await cos.headObject({ ...bucket, Key })
    expect(head.ETag).toBe(md5ETag(bytes))
    expect(header(head, 'content-length')).toBe(String(bytes.length))
    expect(header(head, 'x-cos-hash-crc64ecma')).toBe(await crc64(bytes))
    expect(Date.parse(header(head, 'last-modified') ?? '')).not.toBeNaN()
  })

  it.each([
    // Examples of content and checksum from the documentation (436/7749, 436/7750).
    ['[Object Content]', '16749565679157681890'],
    ['[Object Part]', '4510578591875220731'],
    ['123456789', '11051210869376104954'],
  ])('gives %j the published CRC64', async (content, expected) => {
    const put = await cos.putObject({ ...bucket, Key: `${kind}/crc64.txt`, Body: Buffer.from(content) })
    expect(header(put, 'x-cos-hash-crc64ecma')).toBe(expected)
  })

  it('puts a file stream of known length', async () => {
    const bytes = sampleBytes(2 * MiB + 3, `${kind} file`)
    const path = join(store.scratch, `${kind}.bin`)
    await writeFile(path, bytes)
    const Key = `${kind}/file-stream.bin`
    await cos.putObject({ ...bucket, Key, Body: createReadStream(path), ContentLength: bytes.length })
    expect((await readBack(Key)).equals(bytes)).toBe(true)
  })

  it('puts a stream of unknown length', async () => {
    const bytes = sampleBytes(MiB + 3, `${kind} stream`)
    const Key = `${kind}/stream.bin`
    await cos.putObject({
      ...bucket,
      Key,
      Body: Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]),
    })
    expect((await readBack(Key)).equals(bytes)).toBe(true)
  })

  it('puts an empty object', async () => {
    const Key = `${kind}/empty`
    const put = await cos.putObject({ ...bucket, Key, Body: '' })
    expect(put.ETag).toBe(md5ETag(Buffer.alloc(0)))
    expect(header(await cos.headObject({ ...bucket, Key }), 'content-length')).toBe('0')
  })

  it.each([
    '续传/空 格 & 加+号.bin',
    "it's (a) *test*!~.txt",
    'per%20cent%2Fand?query=1#hash',
    '<tag>&amp;"quotes".html',
    '👩‍💻/é/combining-é',
    'a/../b/./c',
    `${'长'.repeat(270)}.bin`,
  ])('keeps the key %j apart from any other', async (name) => {
    const Key = `${kind}/keys/${name}`
    const bytes = sampleBytes(64, Key)
    await cos.putObject({ ...bucket, Key, Body: bytes })
    expect((await readBack(Key)).equals(bytes)).toBe(true)
    const listed = await cos.getBucket({ ...bucket, Prefix: Key })
    expect(listed.Contents.map((object) => object.Key)).toEqual([Key])
    await cos.deleteObject({ ...bucket, Key })
  })

  it('gives back the headers and metadata it was given', async () => {
    const Key = `${kind}/headers.txt`
    await cos.putObject({
      ...bucket,
      Key,
      Body: 'content',
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'max-age=60',
      ContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent('续传.txt')}`,
      Expires: 'Wed, 21 Oct 2037 07:28:00 GMT',
      'x-cos-meta-owner': 'user-42',
      'x-cos-meta-name': encodeURIComponent('续传'),
    })
    for (const result of [
      await cos.headObject({ ...bucket, Key }),
      await cos.getObject({ ...bucket, Key }),
    ]) {
      expect(header(result, 'content-type')).toBe('text/plain; charset=utf-8')
      expect(header(result, 'cache-control')).toBe('max-age=60')
      expect(header(result, 'content-disposition')).toBe(
        `attachment; filename*=UTF-8''${encodeURIComponent('续传.txt')}`,
      )
      expect(header(result, 'expires')).toBe('Wed, 21 Oct 2037 07:28:00 GMT')
      expect(header(result, 'x-cos-meta-owner')).toBe('user-42')
      expect(header(result, 'x-cos-meta-name')).toBe(encodeURIComponent('续传'))
    }
  })

  it('checks Content-MD5, and keeps nothing of content that fails it', async () => {
    const checking = nodeClient(store, permanentCredentials, { UploadCheckContentMd5: true })
    const bytes = sampleBytes(5000, 'md5')
    const Key = `${kind}/md5.bin`
    await checking.putObject({ ...bucket, Key, Body: bytes })

    const wrong = { 'Content-MD5': md5Base64(Buffer.from('something else')) }
    const refused = `${kind}/md5-refused.bin`
    const failure = await failureOf(cos.putObject({ ...bucket, Key: refused, Body: bytes, Headers: wrong }))
    expect(failure).toMatchObject({ statusCode: 400, code: 'BadDigest' })
    expect(await failureOf(cos.headObject({ ...bucket, Key: refused }))).toMatchObject({ statusCode: 404 })

    await failureOf(cos.putObject({ ...bucket, Key, Body: 'other', Headers: wrong }))
    expect((await readBack(Key)).equals(bytes)).toBe(true)

    const malformed = { 'Content-MD5': 'not base64 of sixteen bytes' }
    expect(
      await failureOf(cos.putObject({ ...bucket, Key: refused, Body: bytes, Headers: malformed })),
    ).toMatchObject({ statusCode: 400, code: 'InvalidDigest' })
  })

  it('overwrites, unless x-cos-forbid-overwrite says not to', async () => {
    const Key = `${kind}/once.txt`
    const Headers = { 'x-cos-forbid-overwrite': 'true' }
    await cos.putObject({ ...bucket, Key, Body: 'first', Headers: { ...Headers } })
    expect(
      await failureOf(cos.putObject({ ...bucket, Key, Body: 'second', Headers: { ...Headers } })),
    ).toMatchObject({ statusCode: 409, code: 'FileAlreadyExists' })
    expect((await readBack(Key)).toString()).toBe('first')
    await cos.putObject({ ...bucket, Key, Body: 'third' })
    expect((await readBack(Key)).toString()).toBe('third')
  })
})
