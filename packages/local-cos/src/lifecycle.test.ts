import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLifecycle } from './lifecycle.js'
import type { Reply, TestClient } from './testing/client.js'
import { MultipartCalls } from './testing/multipart.js'
import { bucket, startTestStore } from './testing/store.js'

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
    expect(await store.applyLifecycle()).toEqual({ uploads: 0, objects: 0 })
    expect(await partFolders()).toBe(3)
    now += 2000
    expect(await store.applyLifecycle()).toEqual({ uploads: 1, objects: 0 })
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
    expect(await store.applyLifecycle()).toEqual({ uploads: 0, objects: 1 })
    now = Date.now()
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/tmp/a` })).status).toBe(404)
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/kept` })).status).toBe(200)
  })

  it('name their prefix in any of the documented places', () => {
    const rest = '<Status>Enabled</Status><Expiration><Days>2</Days></Expiration>'
    for (const prefix of [
      '<Prefix>p</Prefix>',
      '<Filter><Prefix>p</Prefix></Filter>',
      '<Filter><And><Prefix>p</Prefix></And></Filter>',
    ]) {
      expect(parseLifecycle(document(`<Rule>${prefix}${rest}</Rule>`))).toEqual([
        { prefix: 'p', abortUploadsAfterDays: null, expireObjectsAfterDays: 2 },
      ])
    }
  })
})
