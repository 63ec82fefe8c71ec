import { expect, it } from 'vitest'
import { bucket, startTestStore } from '../testing/store.js'
import type { Reply, TestClient } from '../testing/client.js'
import { childText, childTexts } from '../xml.js'

const path = `/${bucket}`

const inventory = (id: string, more = ''): string =>
  `<InventoryConfiguration><Id>${id}</Id><IsEnabled>true</IsEnabled><Destination><COSBucketDestination><Format>CSV</Format><AccountId>1</AccountId><Bucket>qcs::cos:ap-guangzhou::other-1250000000</Bucket><Prefix>p</Prefix><Encryption><SSE-COS></SSE-COS></Encryption></COSBucketDestination></Destination><Schedule><Frequency>Daily</Frequency></Schedule><Filter><Prefix>a</Prefix></Filter><IncludedObjectVersions>All</IncludedObjectVersions><OptionalFields><Field>Size</Field></OptionalFields>${more}</InventoryConfiguration>`

async function put(client: TestClient, id: string, body = inventory(id), method = 'PUT'): Promise<Reply> {
  return client.call({ method, path, query: { inventory: '', id }, body })
}

it('inventories are put, found by their id, listed in pages and deleted', async () => {
  const { client, store, directory } = await startTestStore()
  const ids = Array.from({ length: 103 }, (_, index) => `ID-${index}`)
  for (const id of ids) expect((await put(client, id)).status).toBe(200)
  const changed = inventory('ID-1').replace('Daily', 'Weekly')
  expect((await put(client, 'ID-1', changed)).status).toBe(200)
  await store.close()
  const again = (await startTestStore({ directory })).client
  const one = await again.call({ method: 'GET', path, query: { inventory: '', id: 'ID-1' } })
  expect(one.text).toBe(changed)
  const first = await again.call({ method: 'GET', path, query: { inventory: '', 'continuation-token': '' } })
  const token = childText(first.xml, 'NextContinuationToken') ?? ''
  const last = await again.call({
    method: 'GET',
    path,
    query: { inventory: '', 'continuation-token': token },
  })
  const idsOf = ({ xml }: Reply): readonly string[] =>
    xml.children.flatMap((entry) => childTexts(entry, 'Id'))
  expect(idsOf(first)).toHaveLength(100)
  expect([...idsOf(first), ...idsOf(last)]).toEqual(ids)
  expect([childText(first.xml, 'IsTruncated'), childText(last.xml, 'IsTruncated')]).toEqual(['true', 'false'])
  for (let time = 0; time < 2; time++) {
    const gone = await again.call({ method: 'DELETE', path, query: { inventory: '', id: 'ID-1' } })
    expect(gone.status).toBe(204)
  }
  const missing = await again.call({ method: 'GET', path, query: { inventory: '', id: 'ID-1' } })
  expect([missing.status, missing.code]).toEqual([404, 'NoSuchConfiguration'])
})

it('an inventory for one run has no schedule and an id of its own', async () => {
  const { client } = await startTestStore()
  const once = inventory('a').replace(/<Schedule>.*<\/Schedule>/, '')
  expect((await put(client, 'a', inventory('a'), 'POST')).code).toBe('MalformedXML')
  expect((await put(client, 'a', once)).code).toBe('MalformedXML')
  expect((await put(client, 'a', once, 'POST')).status).toBe(200)
  expect((await put(client, 'a', once, 'POST')).code).toBe('DuplicateInventoryId')
})

it.each([
  ['', 'MalformedXML'],
  ['x', 'MalformedXML'],
  [inventory('a', '<Extra/>'), 'MalformedXML'],
  [inventory('a').replace('Daily', 'Hourly'), 'MalformedXML'],
  [inventory('a').replace('CSV', 'TXT'), 'MalformedXML'],
  [inventory('a b'), 'MalformedXML'],
  [inventory('b'), 'InvalidArgument'],
])('an inventory %s is refused', async (body, code) => {
  const { client } = await startTestStore()
  expect((await put(client, 'a', body)).code).toBe(code)
  const query = { inventory: '', id: 'a' }
  expect((await client.call({ method: 'GET', path, query })).code).toBe('NoSuchConfiguration')
})

it('an inventory needs its id, a list a token that was answered, and both a bucket', async () => {
  const { client } = await startTestStore()
  const query = { inventory: '' }
  expect((await client.call({ method: 'PUT', path, query, body: inventory('a') })).code).toBe(
    'InvalidArgument',
  )
  expect((await client.call({ method: 'DELETE', path, query })).code).toBe('InvalidArgument')
  const wrong = { inventory: '', 'continuation-token': 'nobody' }
  expect((await client.call({ method: 'GET', path, query: wrong })).code).toBe('InvalidArgument')
  expect((await client.call({ method: 'GET', path: '/none-1250000000', query })).code).toBe('NoSuchBucket')
  expect((await client.call({ method: 'GET', path, query, credentials: false })).code).toBe('AccessDenied')
})

it('rules of intelligent tiering are kept by their id', async () => {
  const { client } = await startTestStore()
  const query = { 'intelligent-tiering': '', id: 'default' }
  const body =
    '<IntelligentTieringConfiguration><Id>default</Id><Status>Enabled</Status><Tiering><AccessTier>INFREQUENT</AccessTier><Days>30</Days><RequestFrequent>1</RequestFrequent></Tiering></IntelligentTieringConfiguration>'
  expect(
    (await client.call({ method: 'PUT', path, query, body: body.replace('INFREQUENT', 'NEVER') })).code,
  ).toBe('MalformedXML')
  expect((await client.call({ method: 'PUT', path, query, body })).status).toBe(200)
  expect((await client.call({ method: 'GET', path, query })).text).toBe(body)
  const all = await client.call({ method: 'GET', path, query: { 'intelligent-tiering': '' } })
  expect(all.text).toContain(body)
  expect((await client.call({ method: 'DELETE', path, query })).status).toBe(501)
})

it('the name of the rules of intelligent tiering need not be signed, their id must be', async () => {
  const { client } = await startTestStore()
  const query = { 'intelligent-tiering': '', id: 'a' }
  const get = async (...unsigned: readonly string[]) => client.call({ method: 'GET', path, query, unsigned })
  expect((await get('intelligent-tiering')).code).toBe('NoSuchConfiguration')
  expect((await get('intelligent-tiering', 'id')).code).toBe('AccessDenied')
  const inventories = { inventory: '', id: 'a' }
  const other = await client.call({ method: 'GET', path, query: inventories, unsigned: ['inventory'] })
  expect(other.code).toBe('AccessDenied')
})
