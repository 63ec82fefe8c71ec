import { describe, expect, it } from 'vitest'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { testBytes, type Reply, type TestClient } from '../testing/client.js'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'
import { childText } from '../xml.js'

const tagging = { tagging: '' }
const path = `/${bucket}/a`

function tagsXml(tags: readonly (readonly [key: string, value: string])[]): string {
  const set = tags.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
  return `<Tagging><TagSet>${set.join('')}</TagSet></Tagging>`
}

function tagsOf({ xml }: Reply): readonly (readonly (string | undefined)[])[] {
  return (xml.children[0]?.children ?? []).map((tag) => [childText(tag, 'Key'), childText(tag, 'Value')])
}

async function get(client: TestClient, of = path): Promise<Reply> {
  return client.call({ method: 'GET', path: of, query: tagging })
}

describe('the tags of an object', () => {
  it('are put, read, replaced and deleted; content, checksums and time stay', async () => {
    const { client, directory } = await startTestStore()
    const body = testBytes(300_000)
    await client.call({ method: 'PUT', path, body, headers: { 'x-cos-meta-a': 'b' } })
    const before = await client.call({ method: 'HEAD', path })
    expect(before.headers).not.toHaveProperty('x-cos-tagging-count')
    expect((await get(client)).code).toBe('NoSuchTagSet')
    const first = tagsXml([
      ['年 age', '18'],
      ['a+-_=/.:@', 'b'],
    ])
    expect((await client.call({ method: 'PUT', path, query: tagging, body: first })).status).toBe(200)
    expect(tagsOf(await get(client))).toEqual([
      ['年 age', '18'],
      ['a+-_=/.:@', 'b'],
    ])
    const read = await client.call({ method: 'GET', path })
    expect(read.body.equals(body)).toBe(true)
    const same = ['etag', 'last-modified', 'x-cos-hash-crc64ecma', 'x-cos-meta-a', 'content-length']
    for (const name of same) expect([name, read.headers[name]]).toEqual([name, before.headers[name]])
    expect(read.headers['x-cos-tagging-count']).toBe('2')
    await client.call({ method: 'PUT', path, query: tagging, body: tagsXml([['c', 'd']]) })
    expect(tagsOf(await get(client))).toEqual([['c', 'd']])
    for (let times = 0; times < 2; times++) {
      expect((await client.call({ method: 'DELETE', path, query: tagging })).status).toBe(204)
    }
    expect((await get(client)).status).toBe(404)
    expect((await client.call({ method: 'GET', path })).body.equals(body)).toBe(true)
    expect(await readdir(join(directory, 'temporary'))).toEqual([])
  })

  it('are those of the request that stores it, in one piece or in parts, and survive a restart', async () => {
    const { client, store, directory } = await startTestStore()
    const headers = { 'x-cos-tagging': 'k%201=v%2B1&k2=%E5%80%BC' }
    const expected = [
      ['k 1', 'v+1'],
      ['k2', '值'],
    ]
    await client.call({ method: 'PUT', path, body: 'x', headers })
    const calls = new MultipartCalls(client, 'parts')
    const uploadId = await calls.initiate(headers)
    const part = await calls.put(uploadId, 1, testBytes(10))
    await store.close()
    const again = (await startTestStore({ directory })).client
    await new MultipartCalls(again, 'parts').complete(uploadId, [part.headers.etag ?? ''])
    for (const of of [path, `/${bucket}/parts`]) {
      expect(tagsOf(await get(again, of))).toEqual(expected)
      expect((await again.call({ method: 'HEAD', path: of })).headers['x-cos-tagging-count']).toBe('2')
    }
    const joined = await again.call({ method: 'DELETE', path: `/${bucket}/parts`, query: tagging })
    expect(joined.status).toBe(204)
    const read = await again.call({ method: 'GET', path: `/${bucket}/parts` })
    expect(read.body.equals(testBytes(10))).toBe(true)
    // Overwriting an object discards its old tags.
    await again.call({ method: 'PUT', path, body: 'y' })
    expect((await get(again)).code).toBe('NoSuchTagSet')
  })

  it('go with a copy unless they are replaced', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path, body: 'x', headers: { 'x-cos-tagging': 'a=b' } })
    const copy = async (headers: Record<string, string>): Promise<Reply> =>
      client.call({
        method: 'PUT',
        path: `/${bucket}/b`,
        headers: { 'x-cos-copy-source': `${bucket}.cos.ap-guangzhou.myqcloud.com/a`, ...headers },
      })
    const copied = async (): Promise<unknown> => tagsOf(await get(client, `/${bucket}/b`))
    await copy({})
    expect(await copied()).toEqual([['a', 'b']])
    await copy({ 'x-cos-tagging-directive': 'Replaced', 'x-cos-tagging': 'c=d' })
    expect(await copied()).toEqual([['c', 'd']])
    expect((await copy({ 'x-cos-tagging': 'e=f' })).code).toBe('InvalidArgument')
    expect((await copy({ 'x-cos-tagging-directive': 'Other' })).code).toBe('InvalidArgument')
    expect(await copied()).toEqual([['c', 'd']])
  })

  const eleven = Array.from({ length: 11 }, (_, index) => [`k${index}`, 'v'] as const)
  it.each([
    [tagsXml(eleven), 'BadRequest'],
    [tagsXml([['k'.repeat(128), 'v']]), 'InvalidTag'],
    [tagsXml([['k', 'v'.repeat(256)]]), 'InvalidTag'],
    [tagsXml([['年'.repeat(43), 'v']]), 'InvalidTag'],
    [tagsXml([['', 'v']]), 'InvalidTag'],
    [tagsXml([['k', '']]), 'InvalidTag'],
    [tagsXml([['k', 'a*b']]), 'InvalidTag'],
    [tagsXml([['k', '&#10;a&#10;b']]), 'InvalidTag'],
    [
      tagsXml([
        ['k', '1'],
        ['k', '2'],
      ]),
      'InvalidTag',
    ],
    [tagsXml([]), 'MalformedXML'],
    ['<Tagging/>', 'MalformedXML'],
    ['<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>', 'MalformedXML'],
    ['<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value>', 'MalformedXML'],
    ['<Tags/>', 'MalformedXML'],
    ['', 'MalformedXML'],
  ])('stay as they were when %j is put: %s', async (body, code) => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path, body: 'x', headers: { 'x-cos-tagging': 'a=b' } })
    const reply = await client.call({ method: 'PUT', path, query: tagging, body })
    expect([reply.status, reply.code]).toEqual([400, code])
    expect(tagsOf(await get(client))).toEqual([['a', 'b']])
  })

  it.each([
    ['a', 'InvalidTag'],
    ['=b', 'InvalidTag'],
    ['a=b&a=c', 'InvalidTag'],
    ['a=%E4', 'InvalidTag'],
    ['a=b=c;', 'InvalidTag'],
    [eleven.map(([key]) => `${key}=v`).join('&'), 'BadRequest'],
  ])('are refused in a header %j, and nothing is stored: %s', async (value, code) => {
    const { client } = await startTestStore()
    const headers = { 'x-cos-tagging': value }
    expect((await client.call({ method: 'PUT', path, body: 'x', headers })).code).toBe(code)
    expect((await client.call({ method: 'POST', path, query: { uploads: '' }, headers })).code).toBe(code)
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
  })

  it('need an object, and a policy that allows them', async () => {
    const { client, store } = await startTestStore()
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? { body: tagsXml([['a', 'b']]) } : {}
      const missing = await client.call({ method, path, query: tagging, ...body })
      expect([method, missing.code]).toEqual([method, 'NoSuchKey'])
    }
    await client.call({ method: 'PUT', path, body: 'x' })
    const resource = `qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/*`
    const statement = { effect: 'allow', action: ['name/cos:PutObject', 'name/cos:GetObject'], resource }
    const temporary = await temporaryCredentials(store.url, credentials, statement)
    for (const method of ['GET', 'DELETE']) {
      const reply = await client.call({ method, path, query: tagging, credentials: temporary })
      expect([method, reply.code]).toEqual([method, 'AccessDenied'])
    }
  })
})

describe('the tags of a bucket', () => {
  it('are put, read and deleted, and survive a restart', async () => {
    const { client, store, directory } = await startTestStore()
    const of = `/${bucket}`
    expect((await get(client, of)).code).toBe('NoSuchTagSet')
    const many = Array.from({ length: 50 }, (_, index) => [`k${index}`, ''] as const)
    expect((await client.call({ method: 'PUT', path: of, query: tagging, body: tagsXml(many) })).status).toBe(
      204,
    )
    for (const tags of [[...many, ['one more', '']] as const, [['qcs:a', 'b']] as const]) {
      const reply = await client.call({ method: 'PUT', path: of, query: tagging, body: tagsXml(tags) })
      expect(reply.status).toBe(400)
    }
    await store.close()
    const again = (await startTestStore({ directory })).client
    expect(tagsOf(await get(again, of))).toEqual(many)
    expect((await again.call({ method: 'DELETE', path: of, query: tagging })).status).toBe(204)
    expect((await get(again, of)).status).toBe(404)
  })
})
