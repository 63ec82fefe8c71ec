import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { testBytes, type Call, type Reply, type TestClient } from '../testing/client.js'
import { openFilesBelow } from '../testing/open-files.js'
import { bucket, startTestStore } from '../testing/store.js'

const path = `/${bucket}/log`

async function append(
  client: TestClient,
  position: number | string,
  body: string | Uint8Array,
  more: Partial<Call> = {},
): Promise<Reply> {
  return client.call({
    method: 'POST',
    path,
    query: { append: '', position: String(position) },
    body,
    ...more,
  })
}

describe('an append', () => {
  it('makes an object and makes it longer, with the CRC-64 of the whole', async () => {
    const { client, store, directory } = await startTestStore()
    const pieces = [testBytes(300_000, 1), testBytes(1, 2), testBytes(700_000, 3)]
    const headers = { 'content-type': 'text/plain', 'x-cos-meta-a': 'b' }
    let whole = Buffer.alloc(0)
    for (const [index, piece] of pieces.entries()) {
      const reply = await append(client, whole.length, piece, index === 0 ? { headers } : {})
      whole = Buffer.concat([whole, piece])
      expect([reply.status, reply.headers]).toMatchObject([
        200,
        { 'x-cos-next-append-position': String(whole.length) },
      ])
      const read = await client.call({ method: 'GET', path })
      expect(read.body.equals(whole)).toBe(true)
      expect(read.headers).toMatchObject({ ...headers, 'x-cos-object-type': 'appendable' })
      expect(read.headers.etag).toBe(reply.headers.etag)
      expect(read.headers['x-cos-next-append-position']).toBe(String(whole.length))
    }
    const same = await client.call({ method: 'PUT', path: `/${bucket}/same`, body: whole })
    expect(same.headers).not.toHaveProperty('x-cos-object-type')
    await store.close()
    const again = (await startTestStore({ directory })).client
    const head = await again.call({ method: 'HEAD', path })
    expect(head.headers['x-cos-hash-crc64ecma']).toBe(same.headers['x-cos-hash-crc64ecma'])
    expect((await append(again, whole.length, 'end')).status).toBe(200)
    const listed = await again.call({ method: 'GET', path: `/${bucket}`, query: { prefix: 'log' } })
    expect(listed.text).toContain(`<Size>${whole.length + 3}</Size>`)
    await vi.waitFor(async () => expect(await openFilesBelow(directory)).toBe(0), 20_000)
    expect(await readdir(join(directory, 'temporary'))).toEqual([])
  })

  it('is refused where it does not fit, and the object stays as it was', async () => {
    const { client } = await startTestStore()
    const early = await append(client, 1, 'x')
    expect([early.status, early.code]).toEqual([409, 'PositionNotEqualToLength'])
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
    await append(client, 0, 'first')
    for (const position of [0, 4, 6]) {
      const reply = await append(client, position, 'x')
      expect([reply.status, reply.code]).toEqual([409, 'PositionNotEqualToLength'])
      expect(reply.headers['x-cos-next-append-position']).toBe('5')
    }
    for (const position of ['', '-1', '0x5', '5.0']) {
      expect((await append(client, position, 'x')).code).toBe('InvalidArgument')
    }
    const md5 = createHash('md5').update('y').digest('base64')
    expect((await append(client, 5, 'x', { headers: { 'content-md5': md5 } })).code).toBe('BadDigest')
    const query = { append: '', position: '5' }
    const headers = { 'transfer-encoding': 'chunked' }
    const chunked = await client.call({ method: 'POST', path, query, headers })
    expect([chunked.status, chunked.code]).toEqual([411, 'MissingContentLength'])
    expect((await client.call({ method: 'GET', path })).text).toBe('first')
  })

  it('is for objects made by appending; a PUT makes one normal again', async () => {
    const { client } = await startTestStore()
    await append(client, 0, 'first')
    await client.call({ method: 'PUT', path, body: 'put' })
    const reply = await append(client, 3, 'x')
    expect([reply.status, reply.code]).toEqual([409, 'ObjectNotAppendable'])
    expect((await client.call({ method: 'GET', path })).text).toBe('put')
    expect((await client.call({ method: 'HEAD', path })).headers).not.toHaveProperty('x-cos-object-type')
  })

  it('of many at once at one position is made by one', async () => {
    const { client } = await startTestStore()
    await append(client, 0, '0')
    const replies = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => append(client, 1, `${index}`)),
    )
    const winners = replies.filter(({ status }) => status === 200)
    expect(winners).toHaveLength(1)
    expect((await client.call({ method: 'GET', path })).text).toBe(
      `0${replies.findIndex(({ status }) => status === 200)}`,
    )
  })

  it('takes metadata and an ACL with the first one only', async () => {
    const { client } = await startTestStore()
    await append(client, 0, 'first', { headers: { 'x-cos-meta-a': '1' } })
    for (const headers of [{ 'x-cos-acl': 'public-read' }, { 'x-cos-meta-a': '2' }]) {
      const reply = await append(client, 5, 'x', { headers })
      expect([reply.status, reply.code]).toEqual([501, 'NotImplemented'])
    }
    const { headers, text } = await client.call({ method: 'GET', path })
    expect([text, headers['x-cos-meta-a']]).toEqual(['first', '1'])
  })

  it('keeps ACL and tags, counts for the quota, and is not copied', async () => {
    const { client } = await startTestStore({ maxBytes: 100 })
    await append(client, 0, 'a'.repeat(40), { headers: { 'x-cos-acl': 'public-read' } })
    const body = '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>'
    await client.call({ method: 'PUT', path, query: { tagging: '' }, body })
    expect((await append(client, 40, 'b'.repeat(40))).status).toBe(200)
    const open = await client.call({ method: 'GET', path, credentials: false })
    expect([open.text.length, open.headers['x-cos-tagging-count']]).toEqual([80, '1'])
    expect((await append(client, 80, 'c'.repeat(40))).code).toBe('InsufficientStorage')
    const headers = { 'x-cos-copy-source': `${bucket}.cos.ap-guangzhou.myqcloud.com/log` }
    const copied = await client.call({ method: 'PUT', path: `/${bucket}/copy`, headers })
    expect([copied.status, copied.code]).toEqual([400, 'InvalidRequest'])
    await client.call({ method: 'DELETE', path })
    expect((await append(client, 0, 'd'.repeat(100))).status).toBe(200)
  })
})
