import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, nodeClient } from '../support/node-client.js'
import { md5ETag } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

/** Keys in COS's listing order: by their UTF-8 bytes (UTF-16 order would swap the last two). */
const keys = [
  'list/2025/a.txt',
  'list/2025/b.txt',
  'list/2026/c.txt',
  'list/Z.txt',
  'list/a b+c&d.txt',
  'list/a.txt',
  'list/续传.txt',
  'list/！.txt',
  'list/👩.txt',
]

let store: StoreUnderTest
let cos: COS
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
  for (const Key of [...keys].reverse()) await cos.putObject({ ...bucket, Key, Body: Key })
  await cos.putObject({ ...bucket, Key: 'other.txt', Body: '' })
})
afterAll(() => store.close())

const keysOf = (page: COS.GetBucketResult) => page.Contents.map((object) => object.Key)

describe('cos-nodejs-sdk-v5 lists objects', () => {
  it('by prefix, in the order of the bytes', async () => {
    const page = await cos.getBucket({ ...bucket, Prefix: 'list/' })
    expect(keysOf(page)).toEqual(keys)
    expect(page.IsTruncated).toBe('false')
    expect(page).toMatchObject({ Name: bucket.Bucket, Prefix: 'list/', MaxKeys: '1000' })
    const first = page.Contents[0]
    expect(first).toMatchObject({ ETag: md5ETag(Buffer.from('list/2025/a.txt')), Size: '15' })
    expect(first?.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/)
    expect(first?.StorageClass).toBe('STANDARD')
  })

  it('in pages, by marker, without a gap or a repeat', async () => {
    const seen: string[] = []
    let Marker = ''
    for (let pages = 0; pages < keys.length; pages++) {
      const page = await cos.getBucket({ ...bucket, Prefix: 'list/', Marker, MaxKeys: 3 })
      expect(page.Contents.length).toBeLessThanOrEqual(3)
      seen.push(...keysOf(page))
      if (page.IsTruncated === 'false') break
      Marker = page.NextMarker ?? ''
    }
    expect(seen).toEqual(keys)
  })

  it('grouped by a delimiter', async () => {
    const page = await cos.getBucket({ ...bucket, Prefix: 'list/', Delimiter: '/' })
    expect(page.CommonPrefixes.map((group) => group.Prefix)).toEqual(['list/2025/', 'list/2026/'])
    expect(keysOf(page)).toEqual(keys.slice(3))
    const root = await cos.getBucket({ ...bucket, Delimiter: '/' })
    expect(root.CommonPrefixes.map((group) => group.Prefix)).toEqual(['list/'])
    expect(keysOf(root)).toEqual(['other.txt'])
  })

  it('grouped and in pages, where a group counts as one entry', async () => {
    const entries: string[] = []
    let Marker = ''
    for (let pages = 0; pages < keys.length; pages++) {
      const page = await cos.getBucket({ ...bucket, Prefix: 'list/', Delimiter: '/', Marker, MaxKeys: 1 })
      entries.push(...page.CommonPrefixes.map((group) => group.Prefix), ...keysOf(page))
      if (page.IsTruncated === 'false') break
      Marker = page.NextMarker ?? ''
    }
    expect(entries).toEqual(['list/2025/', 'list/2026/', ...keys.slice(3)])
  })

  it('URL-encoded when asked', async () => {
    const page = await cos.getBucket({ ...bucket, Prefix: 'list/a b', EncodingType: 'url' })
    expect(page.EncodingType).toBe('url')
    expect(keysOf(page).map(decodeURIComponent)).toEqual(['list/a b+c&d.txt'])
    expect(keysOf(page)[0]).not.toContain(' ')
  })

  it('as an empty page when nothing matches', async () => {
    const page = await cos.getBucket({ ...bucket, Prefix: 'nothing/here' })
    expect(page).toMatchObject({ Contents: [], CommonPrefixes: [], IsTruncated: 'false' })
  })
})

describe('cos-nodejs-sdk-v5 deletes', () => {
  it('one object; a second time is no error', async () => {
    const Key = 'delete/one.txt'
    await cos.putObject({ ...bucket, Key, Body: 'x' })
    expect((await cos.deleteObject({ ...bucket, Key })).statusCode).toBe(204)
    expect(await failureOf(cos.headObject({ ...bucket, Key }))).toMatchObject({ statusCode: 404 })
    expect((await cos.deleteObject({ ...bucket, Key })).statusCode).toBe(204)
  })

  it('many in one request', async () => {
    const doomed = ['delete/a.txt', 'delete/续 b&.txt', 'delete/c.txt']
    for (const Key of [...doomed, 'delete/kept.txt']) await cos.putObject({ ...bucket, Key, Body: Key })
    const result = await cos.deleteMultipleObject({
      ...bucket,
      Objects: [...doomed, 'delete/never-there.txt'].map((Key) => ({ Key })),
    })
    expect(result.Deleted.map((object) => object.Key).sort()).toEqual(
      [...doomed, 'delete/never-there.txt'].sort(),
    )
    expect(result.Error).toEqual([])
    expect(keysOf(await cos.getBucket({ ...bucket, Prefix: 'delete/' }))).toEqual(['delete/kept.txt'])
  })
})
