import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLifecycle } from './lifecycle.js'
import type { Reply, TestClient } from './testing/client.js'
import { MultipartCalls } from './testing/multipart.js'
import { bucket, startTestStore } from './testing/store.js'
import { listedVersions, setVersioning } from './testing/versions.js'

const day = 86_400_000
const path = `/${bucket}/`
const query = { lifecycle: '' }

const abortAfter = (prefix: string, days: number, status = 'Enabled'): string =>
  `<Rule><ID>r</ID><Filter><Prefix>${prefix}</Prefix></Filter><Status>${status}</Status>` +
  `<AbortIncompleteMultipartUpload><DaysAfterInitiation>${days}</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>`
const document = (...rules: readonly string[]): string =>
  `<LifecycleConfiguration>${rules.join('')}</LifecycleConfiguration>`

async function put(client: TestClient, body: string): Promise<Reply> {
  const md5 = createHash('md5').update(body).digest('base64')
  return client.call({ method: 'PUT', path, query, body, headers: { 'content-md5': md5 } })
}

describe('lifecycle rules', () => {
  it('are kept with the bucket as they were put', async () => {
    const { client } = await startTestStore()
    expect((await client.call({ method: 'GET', path, query })).code).toBe('NoSuchLifecycleConfiguration')
    const body = document(abortAfter('a/', 1))
    expect((await client.call({ method: 'PUT', path, query, body })).code).toBe('InvalidDigest')
    expect((await put(client, document())).code).toBe('MalformedXML')
    expect((await put(client, body)).status).toBe(200)
    expect((await client.call({ method: 'GET', path, query })).text).toBe(body)
    expect((await client.call({ method: 'DELETE', path, query })).status).toBe(204)
    expect((await client.call({ method: 'GET', path, query })).status).toBe(404)
  })

  it('remove uploads that were begun too long ago, and their parts from the disk', async () => {
    let now = Date.now()
    const { client, store, directory } = await startTestStore({ now: () => now })
    await put(client, document(abortAfter('stale/', 3), abortAfter('off/', 1, 'Disabled')))
    const ids = new Map<string, string>()
    for (const key of ['stale/a', 'off/a', 'other/a']) {
      const calls = new MultipartCalls(client, key)
      const uploadId = await calls.initiate()
      await calls.put(uploadId, 1, Buffer.from('x'))
      ids.set(key, uploadId)
    }
    const partFolders = async (): Promise<number> =>
      (await readdir(join(directory, 'buckets', bucket, 'parts'))).length
    now += 3 * day - 1000
    expect(await store.applyLifecycle()).toEqual({ uploads: 0, objects: 0, versions: 0 })
    expect(await partFolders()).toBe(3)
    now += 2000
    expect(await store.applyLifecycle()).toEqual({ uploads: 1, objects: 0, versions: 0 })
    expect(await partFolders()).toBe(2)
  })

  it('remove objects that expired', async () => {
    let now = Date.now()
    const { client, store } = await startTestStore({ now: () => now })
    const expire =
      '<Rule><Prefix>tmp/</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>'
    await put(client, document(expire))
    for (const key of ['tmp/a', 'kept'])
      await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: key })
    now += day
    expect(await store.applyLifecycle()).toEqual({ uploads: 0, objects: 1, versions: 0 })
    now = Date.now()
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/tmp/a` })).status).toBe(404)
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/kept` })).status).toBe(200)
  })

  it('remove only what has the tags of the filter', async () => {
    let now = Date.now()
    const { client, store } = await startTestStore({ now: () => now })
    const tag = (key: string): string => `<Tag><Key>${key}</Key><Value>1</Value></Tag>`
    const rule = (filter: string): string =>
      `<Rule><Filter>${filter}</Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>`
    await put(client, document(rule(tag('a')), rule(`<And><Prefix>x</Prefix>${tag('b')}${tag('c')}</And>`)))
    for (const [key, tags] of [
      ['plain', ''],
      ['other', 'a=2'],
      ['tagged', 'a=1&b=1'],
      ['x half', 'b=1'],
      ['x both', 'b=1&c=1'],
    ] as const) {
      const headers: Record<string, string> = tags === '' ? {} : { 'x-cos-tagging': tags }
      await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: key, headers })
    }
    now += day
    expect(await store.applyLifecycle()).toEqual({ uploads: 0, objects: 2, versions: 0 })
    now = Date.now()
    const listed = await client.call({ method: 'GET', path })
    expect([...listed.text.matchAll(/<Key>([^<]*)</g)].map(([, key]) => key)).toEqual([
      'other',
      'plain',
      'x half',
    ])
  })

  it('with a filter that is not known are refused: they would delete more than they should', async () => {
    const { client } = await startTestStore()
    const rule =
      '<Rule><Filter><ObjectSizeGreaterThan>9</ObjectSizeGreaterThan></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>'
    expect((await put(client, document(rule))).code).toBe('MalformedXML')
    expect((await client.call({ method: 'GET', path, query })).code).toBe('NoSuchLifecycleConfiguration')
  })

  it('remove versions so long after a later one came, and never the latest', async () => {
    let now = Date.now()
    const { client, store } = await startTestStore({ now: () => now })
    await setVersioning(client, 'Enabled')
    await put(
      client,
      document(
        '<Rule><Prefix>old/</Prefix><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays></NoncurrentVersionExpiration></Rule>',
      ),
    )
    const keyTime = `${Math.floor(now / 1000)};${Math.floor(now / 1000) + 100 * 86_400}`
    const putObject = async (key: string, body: string): Promise<void> => {
      await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body, keyTime })
    }
    for (const key of ['old/a', 'kept']) for (const body of ['1', '2']) await putObject(key, body)
    now += day
    await putObject('old/a', '3')
    now += day + 1000
    // The first version was replaced two days ago, the second one day ago.
    expect(await store.applyLifecycle()).toEqual({ uploads: 0, objects: 0, versions: 1 })
    now += day
    expect(await store.applyLifecycle()).toEqual({ uploads: 0, objects: 0, versions: 1 })
    now += 10 * day
    expect(await store.applyLifecycle()).toEqual({ uploads: 0, objects: 0, versions: 0 })
    now = Date.now()
    expect((await listedVersions(client)).map(({ key }) => key)).toEqual(['kept', 'kept', 'old/a'])
    expect((await client.call({ method: 'GET', path: `/${bucket}/old/a` })).text).toBe('3')
  })

  it('remove delete markers that have nothing before them', async () => {
    const { client, store } = await startTestStore()
    await setVersioning(client, 'Enabled')
    await put(
      client,
      document(
        '<Rule><Prefix>a/</Prefix><Status>Enabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>',
      ),
    )
    await client.call({ method: 'PUT', path: `/${bucket}/a/before`, body: 'x' })
    for (const key of ['a/before', 'a/alone', 'b/alone']) {
      await client.call({ method: 'DELETE', path: `/${bucket}/${key}` })
    }
    expect(await store.applyLifecycle()).toEqual({ uploads: 0, objects: 0, versions: 1 })
    expect((await listedVersions(client)).map(({ key, isMarker }) => [key, isMarker])).toEqual([
      ['a/before', true],
      ['a/before', false],
      ['b/alone', true],
    ])
  })

  it('name their prefix in any of the documented places', () => {
    const rest = '<Status>Enabled</Status><Expiration><Days>2</Days></Expiration>'
    for (const prefix of [
      '<Prefix>p</Prefix>',
      '<Filter><Prefix>p</Prefix></Filter>',
      '<Filter><And><Prefix>p</Prefix></And></Filter>',
    ]) {
      expect(parseLifecycle(document(`<Rule>${prefix}${rest}</Rule>`))).toEqual([
        {
          prefix: 'p',
          tags: [],
          abortUploadsAfterDays: null,
          expireObjectsAfterDays: 2,
          expireNoncurrentAfterDays: null,
          expireLoneMarkers: false,
        },
      ])
    }
  })
})
