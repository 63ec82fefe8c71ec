import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, header, nodeClient, virtualHost } from '../support/node-client.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const Key = 'versions/中 a+b.txt'
const object = { ...bucket, Key }

let store: StoreUnderTest
let cos: COS
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
})
afterAll(() => store.close())

async function put(Body: string): Promise<string> {
  return header(await cos.putObject({ ...object, Body }), 'x-cos-version-id') ?? ''
}

async function read(VersionId?: string): Promise<string> {
  const version = VersionId === undefined ? {} : { VersionId }
  return String((await cos.getObject({ ...object, ...version })).Body)
}

describe('cos-nodejs-sdk-v5 keeps versions', () => {
  it('once it has switched them on', async () => {
    expect((await cos.getBucketVersioning(bucket)).VersioningConfiguration).toEqual({})
    await cos.putBucketVersioning({ ...bucket, VersioningConfiguration: { Status: 'Enabled' } })
    expect((await cos.getBucketVersioning(bucket)).VersioningConfiguration).toEqual({ Status: 'Enabled' })
  })

  it('reads, lists, copies, deletes and brings back', async () => {
    const ids = [await put('one'), await put('two')]
    expect([await read(), await read(ids[0])]).toEqual(['two', 'one'])
    const removed = await cos.deleteObject(object)
    expect(header(removed, 'x-cos-delete-marker')).toBe('true')
    expect(await failureOf(cos.headObject(object))).toMatchObject({ statusCode: 404 })
    const { Versions, DeleteMarkers } = await cos.listObjectVersions({ ...bucket, Prefix: 'versions/' })
    expect(Versions.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [ids[1], 'false'],
      [ids[0], 'false'],
    ])
    const [marker] = DeleteMarkers
    expect([marker?.Key, marker?.IsLatest]).toEqual([Key, 'true'])
    // The SDK accepts this, although its types do not declare it.
    const version = { ...object, VersionId: marker?.VersionId ?? '' }
    await cos.deleteObject(version)
    expect(await read()).toBe('two')
    const CopySource = `${virtualHost}/${encodeURIComponent(Key)}?versionId=${ids[0] ?? ''}`
    await cos.putObjectCopy({ ...object, CopySource })
    expect(await read()).toBe('one')
  })

  it('removes many of them at once', async () => {
    const { Versions, DeleteMarkers } = await cos.listObjectVersions({ ...bucket, Prefix: 'versions/' })
    const Objects = [...Versions, ...DeleteMarkers].map((version) => ({
      Key: version.Key,
      VersionId: version.VersionId,
    }))
    expect(Objects.length).toBeGreaterThan(2)
    await cos.deleteMultipleObject({ ...bucket, Objects })
    expect((await cos.listObjectVersions({ ...bucket, Prefix: 'versions/' })).Versions).toEqual([])
  })

  it('tells the ids of what is uploaded in parts', async () => {
    const { UploadId } = await cos.multipartInit(object)
    const { ETag } = await cos.multipartUpload({ ...object, UploadId, PartNumber: 1, Body: 'part' })
    const done = await cos.multipartComplete({ ...object, UploadId, Parts: [{ PartNumber: 1, ETag }] })
    const id = header(done, 'x-cos-version-id') ?? ''
    await put('later')
    expect(await read(id)).toBe('part')
  })
})

describe('cos-nodejs-sdk-v5 configures a bucket', () => {
  it('as a website, whose rules are kept and given back', async () => {
    expect((await cos.getBucketWebsite(bucket)).WebsiteConfiguration).toEqual({})
    const WebsiteConfiguration = {
      IndexDocument: { Suffix: 'index.html' },
      ErrorDocument: { Key: 'error.html' },
      RoutingRules: [
        { Condition: { HttpErrorCodeReturnedEquals: '404' }, Redirect: { ReplaceKeyWith: '404.html' } },
      ],
    }
    await cos.putBucketWebsite({ ...bucket, WebsiteConfiguration })
    const [rule] = WebsiteConfiguration.RoutingRules
    const Redirect = { ...rule?.Redirect, URLRedirect: 'Enabled' }
    expect((await cos.getBucketWebsite(bucket)).WebsiteConfiguration).toEqual({
      ...WebsiteConfiguration,
      RoutingRules: [{ ...rule, Redirect }],
    })
    await cos.deleteBucketWebsite(bucket)
    expect((await cos.getBucketWebsite(bucket)).WebsiteConfiguration).toEqual({})
  })
})
