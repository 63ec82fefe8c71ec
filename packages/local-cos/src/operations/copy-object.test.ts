import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { testBytes, type Reply, type TestClient } from '../testing/client.js'
import { MultipartCalls } from '../testing/multipart.js'
import { openFilesBelow } from '../testing/open-files.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'
import { childText } from '../xml.js'

const mebibyte = 1024 * 1024
const md5 = (data: string | Uint8Array): string => createHash('md5').update(data).digest('hex')

function sourceOf(key: string, from = bucket): string {
  return `${from}.cos.ap-guangzhou.myqcloud.com/${key.split('/').map(encodeURIComponent).join('/')}`
}

async function copy(
  client: TestClient,
  key: string,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  return client.call({ method: 'PUT', path: `/${bucket}/${key}`, headers })
}

describe('a copy', () => {
  it('has the bytes, checksums and metadata of its source, of this bucket or another', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path: '/other-1250000000' })
    const key = 'dir/源 +&?%.bin'
    const body = testBytes(700_000)
    for (const from of [bucket, 'other-1250000000']) {
      const put = await client.call({
        method: 'PUT',
        path: `/${from}/${key}`,
        body,
        headers: { 'content-type': 'image/png', 'x-cos-meta-a': 'b', 'x-cos-storage-class': 'STANDARD_IA' },
      })
      const reply = await copy(client, `from ${from}`, { 'x-cos-copy-source': sourceOf(key, from) })
      expect([reply.status, reply.xml.name]).toEqual([200, 'CopyObjectResult'])
      expect(childText(reply.xml, 'ETag')).toBe(`"${md5(body)}"`)
      expect(childText(reply.xml, 'CRC64')).toBe(put.headers['x-cos-hash-crc64ecma'])
      expect(reply.headers['x-cos-hash-crc64ecma']).toBe(put.headers['x-cos-hash-crc64ecma'])
      expect(Date.parse(childText(reply.xml, 'LastModified') ?? '')).toBeGreaterThan(0)
      const read = await client.call({ method: 'GET', path: `/${bucket}/from ${from}` })
      expect(read.body.equals(body)).toBe(true)
      expect(read.headers).toMatchObject({ 'content-type': 'image/png', 'x-cos-meta-a': 'b' })
      // The copy's class is the requested one, or STANDARD.
      expect(read.headers).not.toHaveProperty('x-cos-storage-class')
      expect(read.headers['x-cos-hash-crc64ecma']).toBe(put.headers['x-cos-hash-crc64ecma'])
    }
  })

  it('of an object that was uploaded in parts is one of its own', async () => {
    const { client, directory } = await startTestStore()
    const calls = new MultipartCalls(client, 'parts')
    const uploadId = await calls.initiate()
    const parts = [testBytes(mebibyte, 1), testBytes(1000, 2)]
    for (const [index, part] of parts.entries()) await calls.put(uploadId, index + 1, part)
    await calls.complete(uploadId, parts.map(md5))
    expect((await copy(client, 'copy', { 'x-cos-copy-source': sourceOf('parts') })).status).toBe(200)
    await client.call({ method: 'DELETE', path: `/${bucket}/parts` })
    const whole = Buffer.concat(parts)
    const read = await client.call({ method: 'GET', path: `/${bucket}/copy` })
    expect(read.body.equals(whole)).toBe(true)
    expect(read.headers.etag).toBe(`"${md5(whole)}"`)
    await vi.waitFor(async () => expect(await openFilesBelow(directory)).toBe(0), 20_000)
    expect(await readdir(join(directory, 'temporary'))).toEqual([])
  })

  it('takes the metadata of the request when it is to be replaced, onto itself too', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    await client.call({ method: 'PUT', path, body: 'x', headers: { 'x-cos-meta-old': '1' } })
    const source = { 'x-cos-copy-source': sourceOf('a') }
    const same = await copy(client, 'a', source)
    expect([same.status, same.code]).toEqual([400, 'InvalidRequest'])
    const headers = { 'content-type': 'text/plain', 'x-cos-meta-new': '2' }
    const ignored = await copy(client, 'b', { ...source, ...headers, 'x-cos-metadata-directive': 'Copy' })
    expect(ignored.status).toBe(200)
    const kept = await client.call({ method: 'HEAD', path: `/${bucket}/b` })
    expect(kept.headers).toMatchObject({ 'x-cos-meta-old': '1' })
    expect(kept.headers).not.toHaveProperty('x-cos-meta-new')
    const replaced = await copy(client, 'a', {
      ...source,
      ...headers,
      'x-cos-metadata-directive': 'Replaced',
    })
    expect(replaced.status).toBe(200)
    const read = await client.call({ method: 'GET', path })
    expect([read.text, read.headers]).toMatchObject(['x', headers])
    expect(read.headers).not.toHaveProperty('x-cos-meta-old')
    const classed = await copy(client, 'a', { ...source, 'x-cos-storage-class': 'STANDARD_IA' })
    expect(classed.status).toBe(200)
    expect((await client.call({ method: 'HEAD', path })).headers).toMatchObject({
      ...headers,
      'x-cos-storage-class': 'STANDARD_IA',
    })
  })

  it('is made only when its source is as required', async () => {
    const { client } = await startTestStore()
    const { headers } = await client.call({ method: 'PUT', path: `/${bucket}/a`, body: 'x' })
    const etag = headers.etag ?? ''
    const past = new Date(Date.now() - 3_600_000).toUTCString()
    const future = new Date(Date.now() + 3_600_000).toUTCString()
    for (const [name, holds, fails] of [
      ['match', etag, '"other"'],
      ['none-match', '"other"', etag],
      ['modified-since', past, future],
      ['unmodified-since', future, past],
    ] as const) {
      const condition = (value: string): Record<string, string> => ({
        'x-cos-copy-source': sourceOf('a'),
        [`x-cos-copy-source-if-${name}`]: value,
      })
      const refused = await copy(client, 'b', condition(fails))
      expect([name, refused.status, refused.code]).toEqual([name, 412, 'PreconditionFailed'])
      expect((await client.call({ method: 'HEAD', path: `/${bucket}/b` })).status).toBe(404)
      expect([name, (await copy(client, 'b', condition(holds))).status]).toEqual([name, 200])
      await client.call({ method: 'DELETE', path: `/${bucket}/b` })
    }
    const noDate = { 'x-cos-copy-source': sourceOf('a'), 'x-cos-copy-source-if-modified-since': 'soon' }
    expect((await copy(client, 'b', noDate)).code).toBe('InvalidArgument')
  })

  it.each([
    ['', 'InvalidArgument'],
    ['a', 'InvalidArgument'],
    [`/${bucket}/a`, 'InvalidArgument'],
    [`${bucket}.cos.ap-guangzhou.myqcloud.com`, 'InvalidArgument'],
    [`${bucket}.cos.ap-guangzhou.myqcloud.com/`, 'InvalidArgument'],
    [`http://${bucket}.cos.ap-guangzhou.myqcloud.com/a`, 'InvalidArgument'],
    [`x ${bucket}.cos.ap-guangzhou.myqcloud.com/a`, 'InvalidArgument'],
    [`${bucket}.cos.ap-guangzhou.myqcloud.com/%E4%B8`, 'InvalidArgument'],
    [`${bucket}.cos.ap-guangzhou.myqcloud.com/\u00e4`, 'InvalidArgument'],
    [`${sourceOf('a')}?versionId=MTg0`, 'NoSuchVersion'],
    [`${sourceOf('a')}?versionId=MTg0NDUxNzgxMjEzNTU3NTk1Mjg`, 'NoSuchVersion'],
    [`${sourceOf('a')}?b`, 'InvalidArgument'],
    [`${bucket}.cos.ap-beijing.myqcloud.com/a`, 'NoSuchBucket'],
    [sourceOf('a', 'missing-1250000000'), 'NoSuchBucket'],
    [sourceOf('missing'), 'NoSuchKey'],
    [sourceOf('k'.repeat(851)), 'KeyTooLong'],
    [sourceOf('/./'), 'InvalidURI'],
  ])('is refused from %j: %s', async (source, code) => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path: `/${bucket}/a`, body: 'x' })
    const reply = await copy(client, 'b', { 'x-cos-copy-source': source })
    expect([reply.code, reply.status >= 400]).toEqual([code, true])
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/b` })).status).toBe(404)
  })

  it('is refused with an unknown directive, a body, or where overwriting is forbidden', async () => {
    const { client } = await startTestStore()
    for (const key of ['a', 'b']) await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: key })
    const source = { 'x-cos-copy-source': sourceOf('a') }
    const odd = await copy(client, 'b', { ...source, 'x-cos-metadata-directive': 'REPLACE' })
    expect([odd.status, odd.code]).toEqual([400, 'InvalidArgument'])
    const path = `/${bucket}/b`
    const withBody = await client.call({ method: 'PUT', path, headers: source, body: 'new' })
    expect([withBody.status, withBody.code]).toEqual([400, 'InvalidRequest'])
    const kept = await copy(client, 'b', { ...source, 'x-cos-forbid-overwrite': 'true' })
    expect([kept.status, kept.code]).toEqual([409, 'FileAlreadyExists'])
    const ranged = await copy(client, 'b', { ...source, 'x-cos-copy-source-range': 'bytes=0-0' })
    expect([ranged.status, ranged.code]).toEqual([501, 'NotImplemented'])
    expect((await client.call({ method: 'GET', path })).text).toBe('b')
  })

  it('needs the right to read the source and the right to copy', async () => {
    const { client, store } = await startTestStore()
    await client.call({ method: 'PUT', path: `/${bucket}/secret`, body: 'secret' })
    await client.call({ method: 'PUT', path: `/${bucket}/open/a`, body: 'open' })
    const resource = (key: string): string => `qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/${key}`
    const may = (action: string, key: string): object => ({
      effect: 'allow',
      action: `name/cos:${action}`,
      resource: resource(key),
    })
    const temporary = await temporaryCredentials(store.url, credentials, [
      may('GetObject', 'open/*'),
      may('PutObjectCopy', 'mine/*'),
    ])
    const call = async (key: string, source: string): Promise<string> => {
      const headers = { 'x-cos-copy-source': sourceOf(source) }
      const reply = await client.call({
        method: 'PUT',
        path: `/${bucket}/${key}`,
        headers,
        credentials: temporary,
      })
      return reply.code === '' ? String(reply.status) : reply.code
    }
    expect(await call('mine/a', 'open/a')).toBe('200')
    expect(await call('mine/b', 'secret')).toBe('AccessDenied')
    // The answer does not reveal whether the object exists.
    expect(await call('mine/b', 'no-such-secret')).toBe('AccessDenied')
    expect(await call('yours/a', 'open/a')).toBe('AccessDenied')
  })

  it('counts for the quota, and one that does not fit leaves the object that was there', async () => {
    const { client, directory } = await startTestStore({ maxBytes: 250_000 })
    await client.call({ method: 'PUT', path: `/${bucket}/a`, body: testBytes(100_000) })
    const source = { 'x-cos-copy-source': sourceOf('a') }
    expect((await copy(client, 'b', source)).xml.name).toBe('CopyObjectResult')
    const full = await copy(client, 'c', source)
    // The error occurred while copying: status 200, with the error in the body.
    expect([full.status, full.code]).toEqual([200, 'InsufficientStorage'])
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/c` })).status).toBe(404)
    expect(await readdir(join(directory, 'temporary'))).toEqual([])
    await client.call({ method: 'DELETE', path: `/${bucket}/b` })
    expect((await copy(client, 'c', source)).xml.name).toBe('CopyObjectResult')
  })
})

describe('a part that is copied', () => {
  it('has the bytes of its range, and the joined object is whole', async () => {
    const { client } = await startTestStore()
    const body = testBytes(2 * mebibyte + 5)
    const put = await client.call({ method: 'PUT', path: `/${bucket}/a`, body })
    const calls = new MultipartCalls(client, 'b')
    const uploadId = await calls.initiate()
    const part = async (partNumber: string, range?: string): Promise<Reply> =>
      client.call({
        method: 'PUT',
        path: `/${bucket}/b`,
        query: { partNumber, uploadId },
        headers: {
          'x-cos-copy-source': sourceOf('a'),
          ...(range === undefined ? {} : { 'x-cos-copy-source-range': range }),
        },
      })
    const first = await part('1', `bytes=0-${mebibyte - 1}`)
    expect([first.status, first.xml.name]).toEqual([200, 'CopyPartResult'])
    expect(childText(first.xml, 'ETag')).toBe(`"${md5(body.subarray(0, mebibyte))}"`)
    const second = await part('2', `bytes=${mebibyte}-${body.length - 1}`)
    const complete = await calls.complete(
      uploadId,
      [first, second].map(({ xml }) => childText(xml, 'ETag') ?? ''),
    )
    expect(complete.headers['x-cos-hash-crc64ecma']).toBe(put.headers['x-cos-hash-crc64ecma'])
    expect((await client.call({ method: 'GET', path: `/${bucket}/b` })).body.equals(body)).toBe(true)
  })

  it('is the whole object without a range, with the CRC-64 of it', async () => {
    const { client } = await startTestStore()
    const put = await client.call({ method: 'PUT', path: `/${bucket}/a`, body: 'content' })
    const uploadId = await new MultipartCalls(client, 'b').initiate()
    const reply = await client.call({
      method: 'PUT',
      path: `/${bucket}/b`,
      query: { partNumber: '1', uploadId },
      headers: { 'x-cos-copy-source': sourceOf('a') },
    })
    expect(reply.headers['x-cos-hash-crc64ecma']).toBe(put.headers['x-cos-hash-crc64ecma'])
  })

  it.each([
    [{ 'x-cos-copy-source-range': 'bytes=0-10' }, 416, 'InvalidRange'],
    [{ 'x-cos-copy-source-range': 'bytes=5-4' }, 400, 'InvalidArgument'],
    [{ 'x-cos-copy-source-range': 'bytes=5-' }, 400, 'InvalidArgument'],
    [{ 'x-cos-copy-source-range': '0-4' }, 400, 'InvalidArgument'],
    [{ 'x-cos-copy-source-if-match': '"other"' }, 412, 'PreconditionFailed'],
    [
      { 'x-cos-copy-source-if-match': '*', 'x-cos-copy-source-if-none-match': '"other"' },
      400,
      'InvalidArgument',
    ],
    [{ 'x-cos-metadata-directive': 'Copy' }, 501, 'NotImplemented'],
  ])('is refused with %j: %i %s', async (headers, status, code) => {
    const { client, directory } = await startTestStore()
    await client.call({ method: 'PUT', path: `/${bucket}/a`, body: '0123456789' })
    const calls = new MultipartCalls(client, 'b')
    const uploadId = await calls.initiate()
    const reply = await client.call({
      method: 'PUT',
      path: `/${bucket}/b`,
      query: { partNumber: '1', uploadId },
      headers: { 'x-cos-copy-source': sourceOf('a'), ...headers },
    })
    expect([reply.status, reply.code]).toEqual([status, code])
    expect((await calls.list(uploadId)).text).not.toContain('<Part>')
    await vi.waitFor(async () => expect(await openFilesBelow(directory)).toBe(0), 20_000)
  })

  it('needs an upload that is open', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path: `/${bucket}/a`, body: 'x' })
    const query = { partNumber: '1', uploadId: 'none' }
    const headers = { 'x-cos-copy-source': sourceOf('a') }
    const reply = await client.call({ method: 'PUT', path: `/${bucket}/b`, query, headers })
    expect([reply.status, reply.code]).toEqual([404, 'NoSuchUpload'])
  })
})
