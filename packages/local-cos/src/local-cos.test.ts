import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { testBytes } from './testing/client.js'
import { MultipartCalls } from './testing/multipart.js'
import { bucket, startTestStore } from './testing/store.js'

const mebibyte = 1024 * 1024

describe('the way of one file', () => {
  it('goes as one PUT and comes back', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/photos/a b+中.jpg`
    const body = testBytes(100_000)
    const put = await client.call({ method: 'PUT', path, body, headers: { 'content-type': 'image/jpeg' } })
    expect(put.status).toBe(200)
    expect(put.headers.etag).toBe(`"${createHash('md5').update(body).digest('hex')}"`)
    const get = await client.call({ method: 'GET', path })
    expect(get.status).toBe(200)
    expect(get.body.equals(body)).toBe(true)
    expect(get.headers['content-type']).toBe('image/jpeg')
    expect(get.headers['x-cos-hash-crc64ecma']).toBe(put.headers['x-cos-hash-crc64ecma'])
    const head = await client.call({ method: 'HEAD', path })
    expect(head.headers['content-length']).toBe('100000')
    expect((await client.call({ method: 'DELETE', path })).status).toBe(204)
    expect((await client.call({ method: 'GET', path })).code).toBe('NoSuchKey')
  })

  it('goes in parts, is joined, and survives a restart', async () => {
    const first = await startTestStore()
    const calls = new MultipartCalls(first.client, 'big.bin')
    const parts = [testBytes(mebibyte, 1), testBytes(mebibyte + 5, 2), testBytes(77, 3)]
    const uploadId = await calls.initiate({ 'content-type': 'video/mp4' })
    const etags: string[] = []
    for (const [index, part] of parts.entries()) {
      etags.push((await calls.put(uploadId, index + 1, part)).headers.etag ?? '')
    }
    const complete = await calls.complete(uploadId, etags)
    expect(complete.status).toBe(200)
    expect(complete.xml.name).toBe('CompleteMultipartUploadResult')
    await first.store.close()

    const { client } = await startTestStore({ directory: first.directory })
    const get = await client.call({ method: 'GET', path: `/${bucket}/big.bin` })
    expect(get.body.equals(Buffer.concat(parts))).toBe(true)
    expect(get.headers['content-type']).toBe('video/mp4')
    expect(get.headers['x-cos-hash-crc64ecma']).toBe(complete.headers['x-cos-hash-crc64ecma'])
    const range = await client.call({
      method: 'GET',
      path: `/${bucket}/big.bin`,
      headers: { range: `bytes=${mebibyte - 3}-${mebibyte + 2}` },
    })
    expect(range.status).toBe(206)
    expect(range.body.equals(Buffer.concat(parts).subarray(mebibyte - 3, mebibyte + 3))).toBe(true)
  })

  it('answers a preflight and lets a page read the answer', async () => {
    const { client } = await startTestStore()
    const path = `/${bucket}/x`
    const preflight = await client.call({
      method: 'OPTIONS',
      path,
      credentials: false,
      headers: {
        origin: 'http://page.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,x-cos-security-token',
      },
    })
    expect(preflight.status).toBe(200)
    expect(preflight.headers['access-control-allow-origin']).toBe('*')
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
    const refused = await client.call({
      method: 'GET',
      path,
      credentials: false,
      headers: { origin: 'http://page.example' },
    })
    expect(refused.status).toBe(403)
    expect(refused.headers['access-control-allow-origin']).toBe('*')
    expect(refused.headers['access-control-expose-headers']).toContain('ETag')
  })
})
