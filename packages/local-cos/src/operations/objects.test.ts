import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { childText, childTexts } from '../xml.js'
import { MultipartCalls } from '../testing/multipart.js'
import { testBytes } from '../testing/client.js'
import { bucket, startTestStore } from '../testing/store.js'

const md5 = (data: string | Uint8Array): string => createHash('md5').update(data).digest('base64')

describe('objects', () => {
  it('are stored only when the body is the one of Content-MD5', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    const wrong = await client.call({ method: 'PUT', path, body: 'x', headers: { 'content-md5': md5('y') } })
    expect([wrong.status, wrong.code]).toEqual([400, 'BadDigest'])
    const malformed = await client.call({ method: 'PUT', path, body: 'x', headers: { 'content-md5': 'abc' } })
    expect(malformed.code).toBe('InvalidDigest')
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
    expect(
      (await client.call({ method: 'PUT', path, body: 'x', headers: { 'content-md5': md5('x') } })).status,
    ).toBe(200)
  })

  it('are not overwritten when that is forbidden', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    const headers = { 'x-cos-forbid-overwrite': 'true' }
    expect((await client.call({ method: 'PUT', path, body: 'first', headers })).status).toBe(200)
    const second = await client.call({ method: 'PUT', path, body: 'second', headers })
    expect([second.status, second.code]).toEqual([409, 'FileAlreadyExists'])
    expect((await client.call({ method: 'GET', path })).text).toBe('first')
    expect((await client.call({ method: 'PUT', path, body: 'third' })).status).toBe(200)
    expect((await client.call({ method: 'GET', path })).text).toBe('third')
  })

  it('let one of many at once win when overwriting is forbidden', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    const headers = { 'x-cos-forbid-overwrite': 'true' }
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        client.call({ method: 'PUT', path, body: `body ${index}`, headers }),
      ),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const winner = replies.findIndex(({ status }) => status === 200)
    expect((await client.call({ method: 'GET', path })).text).toBe(`body ${winner}`)
  })

  it('come back with the headers they were stored with', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    const stored = {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': "attachment; filename*=UTF-8''%E4%B8%AD.txt",
      'cache-control': 'max-age=60',
      'content-encoding': 'identity',
      expires: 'Thu, 01 Dec 2033 16:00:00 GMT',
      'x-cos-meta-owner': 'someone',
    }
    await client.call({ method: 'PUT', path, body: 'x', headers: stored })
    for (const method of ['GET', 'HEAD']) {
      const { headers } = await client.call({ method, path })
      expect(headers).toMatchObject({ ...stored, 'content-length': '1', 'accept-ranges': 'bytes' })
    }
    const overridden = await client.call({
      method: 'GET',
      path,
      query: {
        'response-content-type': 'image/png',
        'response-content-disposition': 'inline; filename="中\r\nx: y"',
      },
    })
    expect(overridden.headers['content-type']).toBe('image/png')
    expect(overridden.headers).not.toHaveProperty('x')
  })

  it.each([
    ['bytes=0-3', 206, 'abcd', 'bytes 0-3/10'],
    ['bytes=4-', 206, 'efghij', 'bytes 4-9/10'],
    ['bytes=-2', 206, 'ij', 'bytes 8-9/10'],
    ['bytes=8-99', 206, 'ij', 'bytes 8-9/10'],
    ['bytes=-99', 206, 'abcdefghij', 'bytes 0-9/10'],
    ['bytes=5-2', 200, 'abcdefghij', undefined],
    ['bytes=0-4,3-6', 200, 'abcdefghij', undefined],
    ['bytes=0-1,x', 200, 'abcdefghij', undefined],
    ['bytes=0-1,3-2', 200, 'abcdefghij', undefined],
    [`bytes=${'0-0,'.repeat(200)}1-1`, 200, 'abcdefghij', undefined],
    ['bytes=50-, 8-, 99-', 206, 'ij', 'bytes 8-9/10'],
  ])('answer Range: %s', async (range, status, text, contentRange) => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    await client.call({ method: 'PUT', path, body: 'abcdefghij' })
    const reply = await client.call({ method: 'GET', path, headers: { range } })
    expect([reply.status, reply.text, reply.headers['content-range']]).toEqual([status, text, contentRange])
  })

  it('answer several ranges as parts of one body, of an object put or joined', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    const bytes = testBytes(2 * 1024 * 1024)
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate({ 'content-type': 'application/pdf' })
    const etags: string[] = []
    for (const [index, part] of [bytes.subarray(0, 1024 * 1024), bytes.subarray(1024 * 1024)].entries()) {
      etags.push(String((await calls.put(uploadId, index + 1, part)).headers['etag']))
    }
    await calls.complete(uploadId, etags)
    const ranges = [
      [1024 * 1024 - 5, 1024 * 1024 + 4],
      [0, 2],
      [bytes.length - 4, bytes.length - 1],
    ] as const
    const [[start, last], [from, to]] = ranges
    const range = `bytes=${start}-${last},${from}-${to},-4`
    const reply = await client.call({ method: 'GET', path, headers: { range } })
    const [, boundary = ''] =
      /^multipart\/byteranges; boundary=(\w+)$/.exec(reply.headers['content-type'] ?? '') ?? []
    expect([reply.status, reply.headers['content-length'], reply.headers['content-range']]).toEqual([
      206,
      String(reply.body.length),
      undefined,
    ])
    const expected = ranges.map(([first, end]) =>
      Buffer.concat([
        Buffer.from(`\r\n--${boundary}\r\nContent-Type: application/pdf\r\n`),
        Buffer.from(`Content-Range: bytes ${first}-${end}/${bytes.length}\r\n\r\n`),
        bytes.subarray(first, end + 1),
      ]),
    )
    const end = Buffer.from(`\r\n--${boundary}--\r\n`)
    expect(reply.body.equals(Buffer.concat([...expected, end]))).toBe(true)
    // A part of the answer must not be treated as a separate document.
    expect(reply.headers['content-security-policy']).toBe('sandbox')
    const outside = await client.call({ method: 'GET', path, headers: { range: 'bytes=9999999-, 8888888-' } })
    expect([outside.status, outside.code]).toEqual([416, 'InvalidRange'])
  })

  it('answer a range only when If-Range is about this very object', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    const { headers } = await client.call({ method: 'PUT', path, body: 'abcdef' })
    const modified = (await client.call({ method: 'HEAD', path })).headers['last-modified'] ?? ''
    const text = async (ifRange: string): Promise<string> =>
      (await client.call({ method: 'GET', path, headers: { range: 'bytes=2-3', 'if-range': ifRange } })).text
    expect(await text(headers.etag ?? '')).toBe('cd')
    expect(await text(modified)).toBe('cd')
    for (const other of ['"other"', `W/${headers.etag ?? ''}`, 'Thu, 01 Dec 2033 16:00:00 GMT', 'x']) {
      expect([other, await text(other)]).toEqual([other, 'abcdef'])
    }
  })

  it('cannot be pages of the origin of the store, and no other type is guessed', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    const safe = { 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff' }
    const headers = { 'content-type': 'text/html' }
    expect(
      (await client.call({ method: 'PUT', path, body: '<script></script>', headers })).headers,
    ).toMatchObject(safe)
    const inline = { 'response-content-disposition': 'inline' }
    for (const call of [
      { method: 'GET', path, query: inline },
      { method: 'HEAD', path },
      { method: 'GET', path, headers: { range: 'bytes=0-1' } },
      { method: 'GET', path, headers: { 'if-none-match': '*' } },
      { method: 'GET', path: `${path}b` },
      { method: 'GET', path, credentials: false as const },
    ]) {
      expect((await client.call(call)).headers).toMatchObject(safe)
    }
  })

  it('are shown by viewers of PDF, which may not run in a sandbox, where they are nothing else', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    await client.call({ method: 'PUT', path, body: '%PDF-1.4' })
    const policyOf = async (type: string, headers: Record<string, string> = {}) => {
      const query = { 'response-content-type': type }
      const answer = await client.call({ method: 'GET', path, query, headers })
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      return answer.headers['content-security-policy']
    }
    const noScripts = "script-src 'none'; base-uri 'none'; form-action 'none'"
    expect(await policyOf('application/pdf')).toBe(noScripts)
    expect(await policyOf('Application/PDF', { range: 'bytes=0-1' })).toBe(noScripts)
    // Of a list of types, browsers use the last one.
    for (const type of ['application/pdf, text/html', 'application/pdf;a, text/html', 'application/pdfx']) {
      expect(await policyOf(type), type).toBe('sandbox')
    }
    expect(await policyOf('application/pdf', { range: 'bytes=99-' })).toBe('sandbox')
  })

  it('refuse a range that lies outside', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    await client.call({ method: 'PUT', path, body: 'abc' })
    const reply = await client.call({ method: 'GET', path, headers: { range: 'bytes=3-' } })
    expect([reply.status, reply.code, reply.headers['content-range']]).toEqual([
      416,
      'InvalidRange',
      'bytes */3',
    ])
  })

  it('answer conditions', async () => {
    const { client } = await startTestStore({ now: () => Date.now() })
    const path = `/${bucket}/a`
    const { headers } = await client.call({ method: 'PUT', path, body: 'abc' })
    const etag = headers.etag ?? ''
    const past = new Date(Date.now() - 3_600_000).toUTCString()
    const future = new Date(Date.now() + 3_600_000).toUTCString()
    const status = async (name: string, value: string, method = 'GET'): Promise<number> =>
      (await client.call({ method, path, headers: { [name]: value } })).status
    expect(await status('if-match', etag)).toBe(200)
    expect(await status('if-match', '"other"')).toBe(412)
    expect(await status('if-none-match', etag)).toBe(304)
    expect(await status('if-none-match', etag, 'HEAD')).toBe(304)
    expect(await status('if-none-match', '"other"')).toBe(200)
    expect(await status('if-modified-since', past)).toBe(200)
    expect(await status('if-modified-since', future)).toBe(304)
    expect(await status('if-unmodified-since', past)).toBe(412)
    expect(await status('if-unmodified-since', future)).toBe(200)
  })

  it('may have any key, which never becomes a path', async () => {
    const { client } = await startTestStore()
    const keys = [
      '../../etc/passwd',
      '..',
      'a//b/',
      '空 格&<b>.bin',
      '%2e%2e/x',
      'a?b#c',
      'con',
      '\u0001',
      '🦆'.repeat(212),
      '/lead',
    ]
    for (const key of keys) {
      const put = await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: key })
      expect([key, put.status]).toEqual([key, 200])
    }
    for (const key of keys)
      expect((await client.call({ method: 'GET', path: `/${bucket}/${key}` })).text).toBe(key)
    const tooLong = await client.call({ method: 'PUT', path: `/${bucket}/${'k'.repeat(851)}`, body: '' })
    expect([tooLong.status, tooLong.code]).toEqual([400, 'KeyTooLong'])
  })

  it('have at most 5 GB, and parts say their length', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    const headers = { 'content-length': String(5 * 1024 ** 3 + 1) }
    const huge = await client.call({ method: 'PUT', path, headers, body: '' })
    expect([huge.status, huge.code]).toEqual([400, 'EntityTooLarge'])
    const initiated = await client.call({ method: 'POST', path, query: { uploads: '' } })
    const uploadId = childText(initiated.xml, 'UploadId') ?? ''
    const part = { method: 'PUT', path, query: { partNumber: '1', uploadId } }
    const chunked = await client.call({ ...part, headers: { 'transfer-encoding': 'chunked' } })
    expect([chunked.status, chunked.code]).toEqual([411, 'MissingContentLength'])
  })

  it('may come chunked, without a length, within the quota', async () => {
    const { client } = await startTestStore({ maxBytes: 300_000 })
    const headers = { 'transfer-encoding': 'chunked' }
    const put = (key: string, size: number): ReturnType<typeof client.call> =>
      client.call({
        method: 'PUT',
        path: `/${bucket}/${key}`,
        headers,
        body: Readable.from([testBytes(size)]),
      })
    expect((await put('a', 200_000)).status).toBe(200)
    expect((await client.call({ method: 'GET', path: `/${bucket}/a` })).body.equals(testBytes(200_000))).toBe(
      true,
    )
    expect((await put('b', 200_000)).status).toBe(507)
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/b` })).status).toBe(404)
    expect((await put('c', 100_000)).status).toBe(200)
  })

  it('are addressed by the host too', async () => {
    const { client } = await startTestStore()
    const host = `${bucket}.cos.ap-guangzhou.myqcloud.com`
    expect((await client.call({ method: 'PUT', path: '/a/b', body: 'x', host })).status).toBe(200)
    expect((await client.call({ method: 'GET', path: `/${bucket}/a/b` })).text).toBe('x')
    const local = `${bucket}.cos.ap-guangzhou.localhost:3001`
    expect((await client.call({ method: 'GET', path: '/a/b', host: local })).text).toBe('x')
    const elsewhere = `${bucket}.cos.ap-beijing.myqcloud.com`
    expect((await client.call({ method: 'GET', path: '/a/b', host: elsewhere })).code).toBe('NoSuchBucket')
    const accelerated = `${bucket}.cos.accelerate.myqcloud.com`
    expect((await client.call({ method: 'GET', path: '/a/b', host: accelerated })).code).toBe(
      'BucketAccelerateNotEnabled',
    )
  })

  it('are deleted one by one or many at once, missing ones too', async () => {
    const { client } = await startTestStore()
    for (const key of ['a', 'b', 'c'])
      await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: key })
    expect((await client.call({ method: 'DELETE', path: `/${bucket}/a` })).status).toBe(204)
    expect((await client.call({ method: 'DELETE', path: `/${bucket}/a` })).status).toBe(204)
    const body = '<Delete><Object><Key>b</Key></Object><Object><Key>none &amp; none</Key></Object></Delete>'
    const reply = await client.call({ method: 'POST', path: `/${bucket}/`, query: { delete: '' }, body })
    expect(reply.xml.children.map((child) => childText(child, 'Key'))).toEqual(['b', 'none & none'])
    const left = await client.call({ method: 'GET', path: `/${bucket}/` })
    expect(
      left.xml.children
        .filter(({ name }) => name === 'Contents')
        .flatMap((entry) => childTexts(entry, 'Key')),
    ).toEqual(['c'])
  })

  it('are deleted up to 1000 at once, and told of one by one unless quietly', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path: `/${bucket}/k0`, body: 'x' })
    const remove = async (count: number, quiet: boolean) => {
      const keys = Array.from({ length: count }, (_, index) => `<Object><Key>k${index}</Key></Object>`)
      const body = `<Delete><Quiet>${quiet}</Quiet>${keys.join('')}</Delete>`
      return client.call({ method: 'POST', path: `/${bucket}/`, query: { delete: '' }, body })
    }
    const many = await remove(1001, false)
    expect([many.status, many.code]).toEqual([400, 'MalformedXML'])
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/k0` })).status).toBe(200)
    const quiet = await remove(1000, true)
    expect([quiet.status, quiet.xml.children]).toEqual([200, []])
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/k0` })).status).toBe(404)
    expect((await remove(1000, false)).xml.children).toHaveLength(1000)
  })

  it('stay readable while they are overwritten or deleted', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/a`
    const first = testBytes(3_000_000, 1)
    await client.call({ method: 'PUT', path, body: first })
    const [read] = await Promise.all([
      client.call({ method: 'GET', path }),
      client.call({ method: 'PUT', path, body: testBytes(3_000_000, 2) }),
    ])
    const seed = read.body.equals(first) ? 1 : 2
    expect(read.body.equals(testBytes(3_000_000, seed))).toBe(true)
  })
})

describe('buckets', () => {
  it('are made, found, listed and removed when empty', async () => {
    const { client } = await startTestStore()
    const path = '/second-1250000000'
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
    expect((await client.call({ method: 'PUT', path })).status).toBe(200)
    expect((await client.call({ method: 'PUT', path })).code).toBe('BucketAlreadyOwnedByYou')
    expect((await client.call({ method: 'HEAD', path })).status).toBe(200)
    expect((await client.call({ method: 'PUT', path: '/Wrong_Name' })).code).toBe('InvalidBucketName')
    expect((await client.call({ method: 'GET', path: '/' })).text).toContain('<Name>second-1250000000</Name>')
    await client.call({ method: 'PUT', path: `${path}/a`, body: 'x' })
    expect((await client.call({ method: 'DELETE', path })).code).toBe('BucketNotEmpty')
    await client.call({ method: 'DELETE', path: `${path}/a` })
    expect((await client.call({ method: 'DELETE', path })).status).toBe(204)
    expect((await client.call({ method: 'PUT', path: `${path}/a`, body: 'x' })).code).toBe('NoSuchBucket')
  })

  it('refuse what is not part of this store', async () => {
    const { client } = await startTestStore()
    const held = { 'x-cos-object-lock-mode': 'COMPLIANCE' }
    const put = await client.call({ method: 'PUT', path: `/${bucket}/a`, headers: held, body: 'x' })
    expect([put.status, put.code]).toEqual([501, 'NotImplemented'])
    const callback = { 'x-cos-callback': 'e30=' }
    expect((await client.call({ method: 'PUT', path: `/${bucket}/a`, headers: callback })).code).toBe(
      'NotImplemented',
    )
    expect((await client.call({ method: 'PATCH', path: `/${bucket}/a` })).code).toBe('MethodNotAllowed')
  })
})
