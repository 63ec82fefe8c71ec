import { describe, expect, it } from 'vitest'
import { errorAnswer } from './testing/scripted-fetch.js'
import { scriptedStore } from './testing/scripted-store.js'

describe('headObject', () => {
  const headers = {
    'content-length': '2164900000',
    etag: '"ab-3"',
    'last-modified': 'Sun, 22 Nov 2026 13:00:00 GMT',
    'x-cos-hash-crc64ecma': '42',
  }

  it('tells size, time and checksums', async () => {
    const { store } = scriptedStore([new Response(null, { headers })])
    const lastModified = new Date('2026-11-22T13:00:00Z')
    expect(await store.headObject('a')).toEqual({ size: 2164900000, etag: 'ab-3', crc64: '42', lastModified })
  })

  it('is null when there is no such key, and rejects otherwise', async () => {
    const { store } = scriptedStore([
      new Response(null, { status: 404 }),
      new Response(null, { status: 403 }),
    ])
    expect(await store.headObject('a')).toBeNull()
    await expect(store.headObject('a')).rejects.toMatchObject({ code: 'AccessDenied' })
  })

  it('refuses an answer without a size', async () => {
    const { store } = scriptedStore([new Response(null, { headers: { etag: '"a"' } })])
    await expect(store.headObject('a')).rejects.toMatchObject({ code: 'InvalidAnswer' })
  })
})

describe('getObject', () => {
  it('asks for a range up to before its end', async () => {
    const { store, requests } = scriptedStore([new Response('bc', { status: 206 })])
    expect(await (await store.getObject('a', { start: 1, end: 3 })).text()).toBe('bc')
    expect(requests[0]?.headers.get('range')).toBe('bytes=1-2')
  })

  it('refuses the whole object where a range was asked for', async () => {
    const { store } = scriptedStore([new Response('abcd')])
    await expect(store.getObject('a', { start: 1, end: 3 })).rejects.toMatchObject({ code: 'InvalidAnswer' })
  })

  it.each([
    [3, 3],
    [-1, 3],
    [0.5, 3],
  ])('knows no range from %d to %d', async (start, end) => {
    const { store } = scriptedStore([])
    await expect(store.getObject('a', { start, end })).rejects.toMatchObject({ code: 'InvalidRequest' })
  })
})

describe('putObject', () => {
  it("is repeated, but not when the second one would find the first one's object", async () => {
    const stored = (): Response => new Response(null, { headers: { etag: '"a"' } })
    const plain = scriptedStore([errorAnswer(500, 'InternalError'), stored()])
    expect(await plain.store.putObject('a', new Uint8Array(1))).toEqual({ etag: 'a' })
    const careful = scriptedStore([errorAnswer(500, 'InternalError'), stored()])
    const put = careful.store.putObject('a', new Uint8Array(1), { forbidOverwrite: true })
    await expect(put).rejects.toMatchObject({ code: 'InternalError' })
    expect(careful.requests[0]?.headers.get('x-cos-forbid-overwrite')).toBe('true')
  })
})

describe('deleteObject', () => {
  it('resolves when there is no such key', async () => {
    const { store } = scriptedStore([errorAnswer(404, 'NoSuchKey')])
    await expect(store.deleteObject('a')).resolves.toBeUndefined()
  })
})
