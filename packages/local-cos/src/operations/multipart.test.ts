import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { childText, childTexts } from '../xml.js'
import { testBytes } from '../testing/client.js'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, startTestStore } from '../testing/store.js'

const mebibyte = 1024 * 1024
const hex = (data: Uint8Array): string => createHash('md5').update(data).digest('hex')

describe('multipart uploads', () => {
  it('answer MD5 and CRC64 of each part and list the parts in pages', async () => {
    const { client } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    expect(uploadId).toMatch(/^\d{10}[0-9a-f]{64}$/)
    const reply = await calls.put(uploadId, 1, Buffer.from('[Object Part]'))
    expect(reply.headers['x-cos-hash-crc64ecma']).toBe('4510578591875220731')
    expect(reply.headers.etag).toBe(`"${hex(Buffer.from('[Object Part]'))}"`)
    for (const partNumber of [3, 2, 5])
      await calls.put(uploadId, partNumber, Buffer.from(`part ${partNumber}`))
    const numbers: string[] = []
    for (let marker = ''; ;) {
      const page = await calls.list(uploadId, {
        'max-parts': '3',
        ...(marker === '' ? {} : { 'part-number-marker': marker }),
      })
      for (const part of page.xml.children.filter(({ name }) => name === 'Part')) {
        numbers.push(...childTexts(part, 'PartNumber'))
        expect(childText(part, 'ETag')).toMatch(/^"[0-9a-f]{32}"$/)
      }
      if (childText(page.xml, 'IsTruncated') === 'false') break
      marker = childText(page.xml, 'NextPartNumberMarker') ?? ''
    }
    expect(numbers).toEqual(['1', '2', '3', '5'])
  })

  it('keep the last of parts sent under one number', async () => {
    const { client } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    await calls.put(uploadId, 1, Buffer.from('first'))
    const last = await calls.put(uploadId, 1, Buffer.from('second'))
    expect((await calls.complete(uploadId, [last.headers.etag ?? ''])).xml.name).toBe(
      'CompleteMultipartUploadResult',
    )
    expect((await client.call({ method: 'GET', path: `/${bucket}/a` })).text).toBe('second')
  })

  it('give an ETag that is not the MD5 of the MD5s', async () => {
    const { client } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    const part = Buffer.from('only part')
    await calls.put(uploadId, 1, part)
    const reply = await calls.complete(uploadId, [hex(part)])
    const etag = childText(reply.xml, 'ETag') ?? ''
    expect(etag).toMatch(/^"[0-9a-f]{32}-1"$/)
    const s3 = createHash('md5').update(createHash('md5').update(part).digest()).digest('hex')
    expect(etag).not.toContain(s3)
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/a` })).headers.etag).toBe(etag)
  })

  it('refuse to complete what does not fit, and stay open', async () => {
    const { client } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    const [one, two] = [testBytes(mebibyte, 1), testBytes(mebibyte - 1, 2)]
    const three = Buffer.from('three')
    for (const [index, part] of [one, two, three].entries()) await calls.put(uploadId, index + 1, part)
    const refusals = [
      [
        [
          [2, hex(two)],
          [1, hex(one)],
        ],
        'InvalidPartOrder',
      ],
      [
        [
          [1, hex(one)],
          [1, hex(one)],
        ],
        'InvalidPartOrder',
      ],
      [
        [
          [1, hex(one)],
          [3, hex(three)],
        ],
        'InvalidPart',
      ],
      [[[2, hex(two)]], 'InvalidPart'],
      [[[1, hex(two)]], 'InvalidPart'],
      [
        [
          [1, hex(one)],
          [2, hex(two)],
          [3, hex(three)],
          [4, hex(three)],
        ],
        'InvalidPart',
      ],
      [
        [
          [1, hex(one)],
          [2, hex(two)],
          [3, hex(three)],
        ],
        'EntityTooSmall',
      ],
      [[], 'MalformedXML'],
    ] as const
    for (const [parts, code] of refusals) {
      const reply = await calls.completeNumbered(uploadId, parts)
      expect([parts.map(([number]) => number), reply.status, reply.code]).toEqual([
        parts.map(([number]) => number),
        400,
        code,
      ])
    }
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/a` })).status).toBe(404)
    // Parts left out of the list do not become part of the object.
    expect((await calls.complete(uploadId, [hex(one), hex(two)])).xml.name).toBe(
      'CompleteMultipartUploadResult',
    )
    const object = await client.call({ method: 'GET', path: `/${bucket}/a` })
    expect(object.body.equals(Buffer.concat([one, two]))).toBe(true)
  })

  it.each(['0', '10001', '1.5', 'x', ''])('refuse the part number %j', async (partNumber) => {
    const { client } = await startTestStore()
    const uploadId = await new MultipartCalls(client, 'a').initiate()
    const reply = await client.call({
      method: 'PUT',
      path: `/${bucket}/a`,
      query: { partNumber, uploadId },
      body: 'x',
    })
    expect([reply.status, reply.code]).toEqual([400, 'InvalidArgument'])
  })

  it('are gone once completed, aborted, or asked for under another key', async () => {
    const { client } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    const foreign = new MultipartCalls(client, 'b')
    expect((await foreign.put(uploadId, 1, Buffer.from('x'))).code).toBe('NoSuchUpload')
    await calls.put(uploadId, 1, Buffer.from('x'))
    expect((await calls.abort(uploadId)).status).toBe(204)
    for (const reply of [
      await calls.put(uploadId, 1, Buffer.from('x')),
      await calls.list(uploadId),
      await calls.complete(uploadId, [hex(Buffer.from('x'))]),
      await calls.abort(uploadId),
    ]) {
      expect([reply.status, reply.code]).toEqual([404, 'NoSuchUpload'])
    }
  })

  it('complete once, however many ask at once', async () => {
    const { client } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    await calls.put(uploadId, 1, Buffer.from('x'))
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => calls.complete(uploadId, [hex(Buffer.from('x'))])),
    )
    expect(replies.filter(({ xml }) => xml.name === 'CompleteMultipartUploadResult')).toHaveLength(1)
    expect(replies.filter(({ code }) => code === 'NoSuchUpload')).toHaveLength(4)
  })

  it('do not overwrite when that is forbidden', async () => {
    const { client } = await startTestStore()
    const calls = new MultipartCalls(client, 'a')
    const uploadId = await calls.initiate()
    await calls.put(uploadId, 1, Buffer.from('x'))
    await client.call({ method: 'PUT', path: `/${bucket}/a`, body: 'earlier' })
    const headers = { 'x-cos-forbid-overwrite': 'true' }
    const reply = await calls.complete(uploadId, [hex(Buffer.from('x'))], headers)
    expect([reply.status, reply.code]).toEqual([409, 'FileAlreadyExists'])
    const initiate = await client.call({
      method: 'POST',
      path: `/${bucket}/a`,
      query: { uploads: '' },
      headers,
    })
    expect(initiate.code).toBe('FileAlreadyExists')
    expect((await client.call({ method: 'GET', path: `/${bucket}/a` })).text).toBe('earlier')
  })

  it('refuse XML that is none, too deep, or has the wrong root', async () => {
    const { client } = await startTestStore()
    const uploadId = await new MultipartCalls(client, 'a').initiate()
    for (const body of [
      '',
      'x',
      '<a>',
      '<Complete/>',
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      '<a>'.repeat(50),
    ]) {
      const reply = await client.call({ method: 'POST', path: `/${bucket}/a`, query: { uploadId }, body })
      expect([body, reply.status, reply.code]).toEqual([body, 400, 'MalformedXML'])
    }
    const large = await client.call({
      method: 'POST',
      path: `/${bucket}/a`,
      query: { uploadId },
      body: Buffer.alloc(2 * mebibyte + 1, ' '),
    })
    expect(large.code).toBe('XMLSizeLimit')
  })
})
