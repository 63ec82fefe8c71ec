import { expect, it } from 'vitest'
import { bucket, startTestStore } from '../testing/store.js'

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

it('takes a header without a value that is not signed, but no metadata', async () => {
  const { client } = await startTestStore()
  const put = async (name: string, value: string): Promise<number> =>
    (
      await client.call({
        method: 'PUT',
        path: `/${bucket}/a`,
        body: 'x',
        headers: { [name]: value },
        unsigned: [name],
      })
    ).status
  expect(await put('x-cos-grant-read', '')).toBe(200)
  expect(await put('x-cos-grant-read', 'id="100000000001"')).toBe(403)
  expect(await put('x-cos-meta-a', '')).toBe(403)
})
