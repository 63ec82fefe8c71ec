import { expect, it } from 'vitest'
import { bucket, startTestStore } from '../testing/store.js'

it('lists the buckets of its region, in pages, with the time in seconds', async () => {
  const { client } = await startTestStore()
  for (const name of ['a-1250000000', 'b-1250000000']) await client.call({ method: 'PUT', path: `/${name}` })
  const names = async (query: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const { text } = await client.call({ method: 'GET', path: '/', query })
    return [...text.matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, name]) => name ?? '')
  }
  expect(await names({})).toEqual(['a-1250000000', 'b-1250000000', bucket])
  expect(await names({ region: 'ap-guangzhou', 'max-keys': '2' })).toEqual(['a-1250000000', 'b-1250000000'])
  expect(await names({ marker: 'b-1250000000' })).toEqual([bucket])
  expect(await names({ region: 'ap-beijing' })).toEqual([])
  const elsewhere = await client.call({ method: 'GET', path: '/', query: { region: 'ap-beijing' } })
  expect(elsewhere.text).toContain('uin/1250000000')
  expect((await client.call({ method: 'GET', path: '/' })).text).toMatch(
    /<CreationDate>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/CreationDate>/,
  )
})

it('lists buckets that were made before or after a time', async () => {
  const { client } = await startTestStore({ now: () => 1_700_000_000_000 })
  const keyTime = '1699999990;1700000900'
  const list = async (range: string, time: string): Promise<string> =>
    (
      await client.call({
        method: 'GET',
        path: '/',
        query: { range, 'create-time': time },
        keyTime,
      })
    ).text
  expect(await list('gt', '1699999999')).toContain(bucket)
  expect(await list('gte', '1700000000')).toContain(bucket)
  expect(await list('gt', '1700000000')).not.toContain(bucket)
  expect(await list('lt', '1700000000')).not.toContain(bucket)
  expect(await list('lte', '1700000000')).toContain(bucket)
  for (const [range, time] of [
    ['gt', 'x'],
    ['constructor', '1'],
    ['', '1'],
    ['gt', ''],
  ] as const) {
    expect(await list(range, time)).toContain('<Code>InvalidArgument</Code>')
  }
})

it('lists buckets that have a tag', async () => {
  const { client } = await startTestStore()
  const body = '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>'
  await client.call({ method: 'PUT', path: `/${bucket}/`, query: { tagging: '' }, body })
  await client.call({ method: 'PUT', path: '/other-1250000000/' })
  const list = async (tagkey: string, tagvalue: string): Promise<string> =>
    (await client.call({ method: 'GET', path: '/', query: { tagkey, tagvalue } })).text
  expect(await list('k', 'v')).toMatch(new RegExp(`<Name>${bucket}</Name>`))
  expect(await list('k', 'v')).not.toContain('other-1250000000')
  expect(await list('k', 'w')).not.toContain('<Name>')
  expect(await list('k', '')).toContain('<Code>InvalidArgument</Code>')
})

it('tells the region of a bucket', async () => {
  const { client } = await startTestStore()
  const reply = await client.call({ method: 'GET', path: `/${bucket}/`, query: { location: '' } })
  expect([reply.xml.name, reply.xml.text]).toEqual(['LocationConstraint', 'ap-guangzhou'])
})

it('takes the parameters of a list unsigned, as Tencent’s SDK for Python sends them, and no others', async () => {
  const { client } = await startTestStore()
  const query = { marker: '', 'max-keys': '10' }
  const listed = await client.call({ method: 'GET', path: '/', query, unsigned: ['marker', 'max-keys'] })
  expect([listed.status, listed.xml.name]).toEqual([200, 'ListAllMyBucketsResult'])
  const bucket = await client.call({
    method: 'GET',
    path: '/carryon-1250000000',
    query,
    unsigned: ['marker'],
  })
  expect(bucket.code).toBe('AccessDenied')
})
