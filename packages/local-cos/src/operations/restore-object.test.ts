import { expect, it } from 'vitest'
import type { Reply, TestClient } from '../testing/client.js'
import { bucket, startTestStore } from '../testing/store.js'

const day = 86_400_000
const path = `/${bucket}/a`
const query = { restore: '' }
const request = (days: number | string, tier = 'Standard'): string =>
  `<RestoreRequest><Days>${days}</Days><CASJobParameters><Tier>${tier}</Tier></CASJobParameters></RestoreRequest>`

async function archive(client: TestClient, storageClass = 'ARCHIVE'): Promise<Reply> {
  const headers = { 'x-cos-storage-class': storageClass }
  return client.call({ method: 'PUT', path, body: 'content', headers })
}

it('an archive is read once it is restored, and for so long', async () => {
  let now = Date.now()
  const { client } = await startTestStore({ now: () => now })
  const keyTime = `${Math.floor(now / 1000)};${Math.floor(now / 1000) + 30 * 86_400}`
  const call = async (method: string, more: object = {}): Promise<Reply> =>
    client.call({ method, path, keyTime, ...more })
  await archive(client)
  const refused = await call('GET')
  expect([refused.status, refused.code]).toEqual([403, 'InvalidObjectState'])
  const head = await call('HEAD')
  expect([head.status, head.headers['x-cos-storage-class'], head.headers['x-cos-restore']]).toEqual([
    200,
    'ARCHIVE',
    undefined,
  ])
  expect((await call('POST', { query, body: request(2, 'Expedited') })).status).toBe(202)
  expect((await call('GET')).text).toBe('content')
  expect((await call('HEAD')).headers['x-cos-restore']).toBe(
    `ongoing-request="false", expiry-date="${new Date(now + 2 * day).toUTCString()}"`,
  )
  now += day
  // Already restored: only the expiry changes.
  expect((await call('POST', { query, body: request(5) })).status).toBe(200)
  now += 4 * day
  expect((await call('GET')).text).toBe('content')
  now += 2 * day
  expect((await call('GET')).code).toBe('InvalidObjectState')
  expect((await call('HEAD')).headers['x-cos-restore']).toBeUndefined()
})

it('an archive cannot be copied from, read through a symlink or appended to before', async () => {
  const { client } = await startTestStore()
  await archive(client)
  const source = { 'x-cos-copy-source': `${bucket}.cos.ap-guangzhou.myqcloud.com/a` }
  const copy = async () => client.call({ method: 'PUT', path: `/${bucket}/copy`, headers: source })
  const link = `/${bucket}/link`
  const target = { 'x-cos-symlink-target': 'a' }
  await client.call({ method: 'PUT', path: link, query: { symlink: '' }, headers: target })
  expect((await copy()).code).toBe('InvalidObjectState')
  expect((await client.call({ method: 'GET', path: link })).code).toBe('InvalidObjectState')
  const append = { append: '', position: '0' }
  const headers = { 'x-cos-storage-class': 'ARCHIVE' }
  const appended = await client.call({
    method: 'POST',
    path: `/${bucket}/new`,
    query: append,
    headers,
    body: 'x',
  })
  expect(appended.code).toBe('InvalidArgument')
  await client.call({ method: 'POST', path, query, body: request(1) })
  expect((await copy()).status).toBe(200)
  expect((await client.call({ method: 'GET', path: `/${bucket}/copy` })).text).toBe('content')
  expect((await client.call({ method: 'GET', path: link })).text).toBe('content')
})

it('an object that is put anew is not restored', async () => {
  const { client, store, directory } = await startTestStore()
  await archive(client)
  await client.call({ method: 'POST', path, query, body: request(1) })
  await store.close()
  const again = (await startTestStore({ directory })).client
  expect((await again.call({ method: 'GET', path })).text).toBe('content')
  await archive(again)
  expect((await again.call({ method: 'GET', path })).code).toBe('InvalidObjectState')
})

it.each([
  ['', 'MalformedXML'],
  ['<RestoreRequest/>', 'MalformedXML'],
  [request(0), 'MalformedXML'],
  [request(366), 'MalformedXML'],
  [request('1.5'), 'MalformedXML'],
  [request(1, 'Now'), 'MalformedXML'],
  [request(1).replace('</R', '<Where>x</Where></R'), 'MalformedXML'],
])('a restore with %j is refused', async (body, code) => {
  const { client } = await startTestStore()
  await archive(client)
  expect((await client.call({ method: 'POST', path, query, body })).code).toBe(code)
  expect((await client.call({ method: 'GET', path })).code).toBe('InvalidObjectState')
})

it('what is no archive, or is not there, cannot be restored, and a deep archive not at once', async () => {
  const { client } = await startTestStore()
  await client.call({ method: 'PUT', path: `/${bucket}/plain`, body: 'x' })
  const restore = async (key: string, tier = 'Standard') =>
    client.call({ method: 'POST', path: `/${bucket}/${key}`, query, body: request(1, tier) })
  expect((await restore('plain')).code).toBe('InvalidObjectState')
  expect((await restore('none')).code).toBe('NoSuchKey')
  await archive(client, 'DEEP_ARCHIVE')
  expect((await restore('a', 'Expedited')).code).toBe('InvalidArgument')
  expect((await restore('a', 'Bulk')).status).toBe(202)
})
