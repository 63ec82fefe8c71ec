import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, header, nodeClient, virtualHost } from '../support/node-client.js'
import { crc64, md5ETag, MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { resource, temporaryCredentials } from '../support/temporary-credentials.js'

const sourceKey = 'copy/源 文件+&.bin'
const CopySource = `${virtualHost}/${encodeURIComponent(sourceKey)}`
const bytes = sampleBytes(3 * MiB + 9, 'copying')

let store: StoreUnderTest
let cos: COS
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
  await cos.putObject({
    ...bucket,
    Key: sourceKey,
    Body: bytes,
    ContentType: 'image/png',
    Headers: { 'x-cos-meta-color': 'blue' },
  })
})
afterAll(() => store.close())

describe('cos-nodejs-sdk-v5 copies', () => {
  it('an object with its metadata', async () => {
    const Key = 'copy/whole.bin'
    const result = await cos.putObjectCopy({ ...bucket, Key, CopySource })
    expect(result).toMatchObject({ ETag: md5ETag(bytes), CRC64: await crc64(bytes) })
    const head = await cos.headObject({ ...bucket, Key })
    expect(header(head, 'x-cos-meta-color')).toBe('blue')
    expect(header(head, 'content-type')).toBe('image/png')
    expect((await cos.getObject({ ...bucket, Key })).Body.equals(bytes)).toBe(true)
  })

  it('an object with other metadata', async () => {
    const Key = 'copy/replaced.bin'
    const Headers = { 'x-cos-meta-color': 'red' }
    await cos.putObjectCopy({ ...bucket, Key, CopySource, MetadataDirective: 'Replaced', Headers })
    expect(header(await cos.headObject({ ...bucket, Key }), 'x-cos-meta-color')).toBe('red')
  })

  it('an object in parts', async () => {
    const Key = 'copy/parts.bin'
    await cos.sliceCopyFile({ ...bucket, Key, CopySource, CopySliceSize: MiB, CopyChunkSize: MiB })
    expect((await cos.getObject({ ...bucket, Key })).Body.equals(bytes)).toBe(true)
    expect(header(await cos.headObject({ ...bucket, Key }), 'x-cos-hash-crc64ecma')).toBe(await crc64(bytes))
  })

  it('nothing from a key that is not there, or that is not as required', async () => {
    const Key = 'copy/none.bin'
    const missing = cos.putObjectCopy({ ...bucket, Key, CopySource: `${virtualHost}/copy/missing` })
    expect(await failureOf(missing)).toMatchObject({ statusCode: 404, code: 'NoSuchKey' })
    const other = cos.putObjectCopy({ ...bucket, Key, CopySource, CopySourceIfMatch: '"other"' })
    expect(await failureOf(other)).toMatchObject({ statusCode: 412, code: 'PreconditionFailed' })
    expect(await failureOf(cos.headObject({ ...bucket, Key }))).toMatchObject({ statusCode: 404 })
  })

  it('with a temporary credential only what its policy lets it read', async () => {
    const destination = {
      effect: 'allow',
      action: 'name/cos:PutObjectCopy',
      resource: resource('copy/temporary/*'),
    } as const
    const source = { effect: 'allow', action: 'name/cos:GetObject', resource: resource(sourceKey) } as const
    const Key = 'copy/temporary/a.bin'
    const blind = nodeClient(store, await temporaryCredentials(store, [destination]))
    expect(await failureOf(blind.putObjectCopy({ ...bucket, Key, CopySource }))).toMatchObject({
      statusCode: 403,
      code: 'AccessDenied',
    })
    const reader = nodeClient(store, await temporaryCredentials(store, [destination, source]))
    expect((await reader.putObjectCopy({ ...bucket, Key, CopySource })).ETag).toBe(md5ETag(bytes))
  })
})
