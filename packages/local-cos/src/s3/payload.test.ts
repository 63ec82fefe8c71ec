import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { testBytes, type Call } from '../testing/client.js'
import { openFilesBelow } from '../testing/open-files.js'
import { sendRaw } from '../testing/raw.js'
import { chunkedPut, signS3, type ChunkedWishes } from '../testing/s3.js'
import { bucket, startTestStore } from '../testing/store.js'
import { checksumHeaders, createChecksum } from './checksums.js'

const path = `/${bucket}/a`
const pieces = [testBytes(65_536, 1), testBytes(65_536, 2), testBytes(1, 3)]
const content = Buffer.concat(pieces)

async function checksumOf(name: string): Promise<string> {
  const checksum = await createChecksum(name)
  checksum?.update(content)
  return checksum?.digest() ?? ''
}

const crc = Buffer.alloc(4)
crc.writeUInt32BE(crc32(content))
const trailers = { 'x-amz-checksum-crc32': crc.toString('base64') }

describe('an aws-chunked body', () => {
  it.each<[string, ChunkedWishes]>([
    ['signed', { signed: true }],
    ['signed with trailers', { signed: true, trailers }],
    ['unsigned with trailers', { trailers }],
    ['unsigned without', {}],
  ])('is stored as what it holds: %s', async (_, wishes) => {
    const { client } = await startTestStore()
    const headers = { 'content-encoding': 'gzip,aws-chunked', 'content-type': 'text/plain' }
    const stored = await client.call(chunkedPut(path, pieces, { ...wishes, headers }))
    expect([stored.status, stored.headers.etag]).toEqual([
      200,
      `"${createHash('md5').update(content).digest('hex')}"`,
    ])
    const read = await client.call({ method: 'GET', path })
    expect(read.body.equals(content)).toBe(true)
    expect(read.headers['content-encoding']).toBe('gzip')
  })

  it.each(checksumHeaders)('is held to the trailer %s', async (name) => {
    const { client } = await startTestStore()
    const right = chunkedPut(path, pieces, { trailers: { [name]: await checksumOf(name) } })
    expect((await client.call(right)).status).toBe(200)
    const wrong = await client.call(
      chunkedPut(path, [Buffer.from('x')], { trailers: { [name]: 'AAAAAA==' } }),
    )
    expect([wrong.status, wrong.code]).toEqual([400, 'BadDigest'])
    expect((await client.call({ method: 'GET', path })).body.equals(content)).toBe(true)
  })

  it('may be empty, a part, and arrive in any pieces', async () => {
    const { client, store } = await startTestStore()
    expect((await client.call(chunkedPut(path, [], { signed: true }))).status).toBe(200)
    const { port } = store
    const call = chunkedPut(path, [Buffer.from('ab'), Buffer.from('c')], {
      signed: true,
      trailers: crcOf('abc'),
    })
    expect(await sendByByte(port, call)).toBe(200)
    expect((await client.call({ method: 'GET', path })).text).toBe('abc')
  })

  const first = pieces[0] ?? Buffer.alloc(0)
  const flip =
    (at: number) =>
    (body: Buffer): Buffer => {
      const changed = Buffer.from(body)
      changed[at] = (changed[at] ?? 0) ^ 1
      return changed
    }
  const otherLastSignature = (body: Buffer): Buffer => {
    const text = body.toString('latin1')
    const digit = text.at(-5) === '0' ? '1' : '0'
    return Buffer.from(`${text.slice(0, -5)}${digit}\r\n\r\n`, 'latin1')
  }
  const replace =
    (from: string, to: string) =>
    (body: Buffer): Buffer =>
      Buffer.from(body.toString('latin1').replace(from, to), 'latin1')

  it.each<[string, ChunkedWishes, number, string]>([
    ['a tampered chunk', { signed: true, damage: flip(1000) }, 403, 'SignatureDoesNotMatch'],
    ['a tampered last chunk', { signed: true, damage: otherLastSignature }, 403, 'SignatureDoesNotMatch'],
    [
      'a chunk left out',
      { signed: true, length: 65_537, damage: (body) => body.subarray(65_536 + 90) },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'a tampered signed trailer',
      { signed: true, trailers, damage: replace(trailers['x-amz-checksum-crc32'], 'AAAAAA==') },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'no signature of the trailers',
      { signed: true, trailers, damage: replace('x-amz-trailer-signature', 'x-amz-checksum-sha1') },
      400,
      'MalformedTrailerError',
    ],
    ['a tampered unsigned chunk', { trailers, damage: flip(1000) }, 400, 'BadDigest'],
    [
      'a trailer that was not announced',
      { trailers, damage: replace('x-amz-checksum-crc32:', 'x-amz-checksum-sha1:') },
      400,
      'MalformedTrailerError',
    ],
    [
      'a trailer missing',
      { trailers, damage: replace(`x-amz-checksum-crc32:${trailers['x-amz-checksum-crc32']}\r\n`, '') },
      400,
      'MalformedTrailerError',
    ],
    [
      'a trailer twice',
      {
        trailers,
        damage: (body) =>
          Buffer.concat([
            body.subarray(0, -2),
            Buffer.from(`x-amz-checksum-crc32:${trailers['x-amz-checksum-crc32']}\r\n\r\n`),
          ]),
      },
      400,
      'MalformedTrailerError',
    ],
    [
      'chunks without signatures',
      { signed: true, damage: replace(';chunk-signature=', ';other=') },
      400,
      'InvalidRequest',
    ],
    ['a size that is none', { damage: replace('10000\r\n', 'x\r\n') }, 400, 'InvalidRequest'],
    ['a size too small', { damage: replace('10000\r\n', 'ffff\r\n') }, 400, 'InvalidRequest'],
    ['a size without CR', { damage: replace('10000\r\n', '10000\n') }, 400, 'InvalidRequest'],
    ['a line without an end', { damage: () => Buffer.alloc(10_000, 'f') }, 400, 'InvalidRequest'],
    ['more than announced', { length: content.length - 1 }, 400, 'InvalidRequest'],
    ['less than announced', { length: content.length + 1 }, 400, 'IncompleteBody'],
    ['no last chunk', { damage: (body) => body.subarray(0, -5) }, 400, 'IncompleteBody'],
    ['no end of the trailers', { trailers, damage: (body) => body.subarray(0, -2) }, 400, 'IncompleteBody'],
    ['bytes behind', { damage: (body) => Buffer.concat([body, first]) }, 400, 'InvalidRequest'],
    ['an unknown trailer', { trailers: { 'x-amz-meta-a': '1' } }, 501, 'NotImplemented'],
    ['no length', { headers: { 'x-amz-decoded-content-length': '' } }, 411, 'MissingContentLength'],
    ['another hash', { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }, 400, 'InvalidRequest'],
    ['more than a body may have', { length: 6 * 1024 ** 3 }, 400, 'EntityTooLarge'],
  ])('is refused with %s, and nothing is stored', async (_, wishes, status, code) => {
    const { client } = await startTestStore()
    const reply = await client.call(chunkedPut(path, pieces, wishes))
    expect([reply.status, reply.code]).toEqual([status, code])
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
  })

  it('with signed chunks needs a signature in the header', async () => {
    const { client } = await startTestStore()
    const call = chunkedPut(path, pieces, { signed: true })
    const unsigned = Object.entries(call.headers ?? {}).filter(([name]) => name !== 'authorization')
    expect((await client.call({ ...call, headers: Object.fromEntries(unsigned) })).code).toBe(
      'InvalidRequest',
    )
    const presigned = signS3({
      method: 'PUT',
      path,
      expires: 60,
      payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      query: { 'X-Amz-Content-Sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
      headers: { 'x-amz-decoded-content-length': '1' },
    })
    expect((await client.call(presigned.call)).code).toBe('InvalidRequest')
  })
})

function crcOf(text: string): Readonly<Record<string, string>> {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return { 'x-amz-checksum-crc32': bytes.toString('base64') }
}

/** Sends each byte of the body in its own segment, as far as the network allows. */
async function sendByByte(port: number, { method, headers = {}, body }: Call): Promise<number> {
  const bytes = body instanceof Uint8Array ? body : Buffer.alloc(0)
  const { connect } = await import('node:net')
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const lines = Object.entries({ ...headers, 'content-length': bytes.length, connection: 'close' })
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map((pair) => pair.join(': '))]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  for (const byte of bytes) {
    await new Promise((resolve) => socket.write(Uint8Array.of(byte), resolve))
  }
  let answer = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) answer += chunk.toString()
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
}

describe('a body that is refused', () => {
  /** Sends both requests on one connection: the second answer arrives only if the first body was read to its end. */
  async function twoOnOneConnection(port: number, first: Call): Promise<string> {
    const body = first.body instanceof Uint8Array ? first.body : Buffer.alloc(0)
    const head = (call: Call, length: number, connection: string): string => {
      const lines = Object.entries({ ...call.headers, 'content-length': length, connection })
      return `${[`${call.method} ${call.path} HTTP/1.1`, ...lines.map((pair) => pair.join(': '))].join('\r\n')}\r\n\r\n`
    }
    const second = signS3({ method: 'GET', path: `/${bucket}` }).call
    const bytes = [
      Buffer.from(head(first, body.length, 'keep-alive')),
      body,
      Buffer.from(head(second, 0, 'close')),
    ]
    return (await sendRaw(port, Buffer.concat(bytes))).text
  }

  it.each([
    ['before it is read', `/no-1250000000/a`, 'NoSuchBucket'],
    ['while it is read', path, 'SignatureDoesNotMatch'],
  ])('%s leaves the connection to the next request', async (_, where, code) => {
    const { store } = await startTestStore()
    const large = Array.from({ length: 40 }, (__, index) => testBytes(65_536, index))
    const damage = (body: Buffer): Buffer => {
      const changed = Buffer.from(body)
      changed[1000] = (changed[1000] ?? 0) ^ 1
      return changed
    }
    const answers = await twoOnOneConnection(store.port, chunkedPut(where, large, { signed: true, damage }))
    expect(answers).toContain(`<Code>${code}</Code>`)
    expect(answers).toContain('<ListBucketResult>')
  })

  it('by the end of its connection leaves nothing behind', async () => {
    const { store, client, directory } = await startTestStore()
    const call = chunkedPut(path, pieces, { signed: true })
    const body = call.body instanceof Uint8Array ? call.body : Buffer.alloc(0)
    const lines = Object.entries({ ...call.headers, 'content-length': body.length })
    const head = `PUT ${path} HTTP/1.1\r\n${lines.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n`
    await sendRaw(store.port, Buffer.concat([Buffer.from(head), body.subarray(0, 70_000)]), true)
    await expect.poll(() => openFilesBelow(directory)).toBe(0)
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
  })
})

describe('an unsigned request of S3', () => {
  it('may write where anyone may, chunks taken apart and checked, and bring no ACL', async () => {
    const { client } = await startTestStore()
    const headers = { 'x-cos-acl': 'public-read-write' }
    await client.call({ method: 'PUT', path: `/${bucket}`, query: { acl: '' }, headers })
    const put = chunkedPut(path, pieces, { trailers })
    const unsigned = Object.entries(put.headers ?? {}).filter(([name]) => name !== 'authorization')
    const call = { ...put, headers: Object.fromEntries(unsigned) }
    expect((await client.call(call)).status).toBe(200)
    expect((await client.call({ method: 'GET', path })).body.equals(content)).toBe(true)
    const open = await client.call({ ...call, headers: { ...call.headers, 'x-amz-acl': 'public-read' } })
    expect(open.code).toBe('AccessDenied')
    const damaged = Buffer.from(call.body instanceof Uint8Array ? call.body : [])
    damaged[1000] = (damaged[1000] ?? 0) ^ 1
    expect((await client.call({ ...call, body: damaged })).code).toBe('BadDigest')
  })
})
