import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, nodeClient } from '../support/node-client.js'
import { MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import {
  everything,
  resource,
  temporaryCredentials,
  type Statement,
} from '../support/temporary-credentials.js'

let store: StoreUnderTest
beforeAll(async () => {
  store = await startStoreUnderTest()
})
afterAll(() => store.close())

const clientWith = async (...statement: Statement[]) =>
  nodeClient(store, await temporaryCredentials(store, statement))
const at = (Key: string) => ({ ...bucket, Key })
const put = (cos: COS, Key: string, more: Partial<COS.PutObjectParams> = {}) =>
  cos.putObject({ ...at(Key), Body: 'body', ...more })

async function expectDenied(call: Promise<unknown>) {
  expect(await failureOf(call)).toMatchObject({ statusCode: 403, code: 'AccessDenied' })
}

describe('credentials for the parts of one key', () => {
  const key = 'uploads/2026/续 传.bin'
  let parts: COS
  let upload: { Bucket: string; Region: string; Key: string; UploadId: string }
  beforeAll(async () => {
    parts = await clientWith({ effect: 'allow', action: ['name/cos:UploadPart'], resource: [resource(key)] })
    upload = { ...at(key), UploadId: (await nodeClient(store).multipartInit(at(key))).UploadId }
  })

  it('send parts of that key', async () => {
    const sent = await parts.multipartUpload({ ...upload, PartNumber: 1, Body: sampleBytes(MiB, 'part') })
    expect(sent.statusCode).toBe(200)
  })

  it('do nothing else with it', async () => {
    await expectDenied(parts.getObject(at(key)))
    await expectDenied(put(parts, key))
    await expectDenied(parts.deleteObject(at(key)))
    await expectDenied(parts.multipartInit(at(key)))
    await expectDenied(parts.multipartListPart(upload))
    await expectDenied(parts.multipartAbort(upload))
    await expectDenied(parts.multipartComplete({ ...upload, Parts: [{ PartNumber: 1, ETag: '"x"' }] }))
    expect(await failureOf(parts.headObject(at(key)))).toMatchObject({ statusCode: 403 })
  })

  it('touch no other key and not the bucket', async () => {
    for (const other of ['uploads/2026/other.bin', `${key}.bak`, 'uploads/2026', key.toUpperCase()]) {
      await expectDenied(parts.multipartUpload({ ...upload, Key: other, PartNumber: 1, Body: 'x' }))
    }
    await expectDenied(parts.getBucket(bucket))
    await expectDenied(parts.multipartList({ ...bucket, Prefix: key, Delimiter: '' }))
    await expectDenied(parts.getBucketCors(bucket))
    await expectDenied(parts.deleteBucketLifecycle(bucket))
    await expectDenied(parts.deleteMultipleObject({ ...bucket, Objects: [{ Key: key }] }))
  })
})

describe('a statement', () => {
  it('covers a prefix with `*`, and no key beside it', async () => {
    const cos = await clientWith({
      effect: 'allow',
      action: 'name/cos:PutObject',
      resource: resource('mine/*'),
    })
    await put(cos, 'mine/a.txt')
    await put(cos, 'mine/deep/b.txt')
    await expectDenied(put(cos, 'mine.txt'))
    await expectDenied(put(cos, 'other/mine/a.txt'))
    // Keys are text, not paths: whether this key is accepted or refused, it is not `other.txt`.
    await put(cos, 'mine/../other.txt').catch(() => undefined)
    expect(await failureOf(nodeClient(store).headObject(at('other.txt')))).toMatchObject({ statusCode: 404 })
  })

  it('for some keys does not delete others among them', async () => {
    const owner = nodeClient(store)
    for (const Key of ['batch/mine/a.txt', 'batch/other/b.txt']) await put(owner, Key)
    const cos = await clientWith(
      // The request itself targets the bucket; each of its keys is then authorized like a separate delete.
      { effect: 'allow', action: 'name/cos:DeleteMultipleObjects', resource: resource('') },
      { effect: 'allow', action: 'name/cos:DeleteObject', resource: resource('batch/mine/*') },
    )
    const Objects = [{ Key: 'batch/mine/a.txt' }, { Key: 'batch/other/b.txt' }]
    const result = await cos.deleteMultipleObject({ ...bucket, Objects })
    expect(result.Deleted.map((object) => object.Key)).toEqual(['batch/mine/a.txt'])
    expect(result.Error).toMatchObject([{ Key: 'batch/other/b.txt', Code: 'AccessDenied' }])
    expect((await owner.headObject(at('batch/other/b.txt'))).statusCode).toBe(200)
  })

  it('that denies wins over one that allows, in either order', async () => {
    const deny: Statement = { effect: 'deny', action: '*', resource: resource('secret/*') }
    for (const cos of [await clientWith(...everything, deny), await clientWith(deny, ...everything)]) {
      await put(cos, 'open/a.txt')
      await expectDenied(put(cos, 'secret/a.txt'))
    }
  })

  it('of another bucket, region or account grants nothing here', async () => {
    for (const foreign of [
      resource('*').replace(bucket.Bucket, 'other-1250000000'),
      resource('*').replace(bucket.Region, 'ap-beijing'),
      resource('*').replace('uid/1250000000', 'uid/1251111111'),
    ]) {
      const cos = await clientWith({ effect: 'allow', action: 'name/cos:*', resource: foreign })
      await expectDenied(put(cos, 'a.txt'))
    }
  })

  it('for a prefix of the bucket lists that prefix only', async () => {
    const cos = await clientWith({
      effect: 'allow',
      action: 'name/cos:GetBucket',
      resource: resource('mine/*'),
    })
    expect((await cos.getBucket({ ...bucket, Prefix: 'mine/' })).statusCode).toBe(200)
    await expectDenied(cos.getBucket({ ...bucket, Prefix: 'other/' }))
    await expectDenied(cos.getBucket(bucket))
  })
})

describe('a condition', () => {
  const allowPut = (condition: Statement['condition']): Promise<COS> =>
    clientWith({
      effect: 'allow',
      action: 'name/cos:PutObject',
      resource: resource('*'),
      ...(condition && { condition }),
    })

  it('bounds the length of the body', async () => {
    const cos = await allowPut({ numeric_less_than_equal: { 'cos:content-length': 100 } })
    await put(cos, 'length.bin', { Body: Buffer.alloc(100) })
    await expectDenied(put(cos, 'length.bin', { Body: Buffer.alloc(101) }))
  })

  it('fixes the content type', async () => {
    const cos = await allowPut({ string_like: { 'cos:content-type': 'image/*' } })
    await put(cos, 'a.png', { ContentType: 'image/png' })
    await expectDenied(put(cos, 'a.html', { ContentType: 'text/html' }))
  })

  it('with _if_exist lets a request pass that has no such header', async () => {
    const condition = { string_equal_if_exist: { 'cos:x-cos-storage-class': ['STANDARD'] } }
    const cos = await allowPut(condition)
    await put(cos, 'plain.bin')
    await expectDenied(put(cos, 'archive.bin', { StorageClass: 'ARCHIVE' }))
    const strict = await allowPut({ string_equal: { 'cos:x-cos-storage-class': 'STANDARD' } })
    await expectDenied(put(strict, 'plain.bin'))
  })

  it('forces x-cos-forbid-overwrite', async () => {
    const cos = await allowPut({ string_equal: { 'cos:x-cos-forbid-overwrite': 'true' } })
    await put(cos, 'once.bin', { Headers: { 'x-cos-forbid-overwrite': 'true' } })
    await expectDenied(put(cos, 'once.bin'))
  })

  it('looks at the address of the client', async () => {
    await put(await allowPut({ ip_equal: { 'qcs:ip': '127.0.0.1/8' } }), 'near.bin')
    await expectDenied(
      put(await allowPut({ ip_equal: { 'qcs:ip': ['10.0.0.0/8', '192.168.1.1'] } }), 'far.bin'),
    )
  })

  it('on a deny refuses what it describes, and nothing else', async () => {
    const cos = await clientWith(...everything, {
      effect: 'deny',
      action: 'name/cos:PutObject',
      resource: resource('*'),
      condition: { numeric_greater_than: { 'cos:content-length': 100 } },
    })
    await put(cos, 'small.bin')
    await expectDenied(put(cos, 'large.bin', { Body: Buffer.alloc(101) }))
  })
})
