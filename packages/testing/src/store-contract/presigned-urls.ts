import { expect, it } from 'vitest'
import { emptyObjectHeaders, StoreClock } from '@carryon/object-store'
import { bytes, md5 } from './content.js'
import type { ContractContext } from './contract.js'
import { refusalOf, sendSigned, without } from './signed-fetch.js'

export function presignedUrls(current: () => ContractContext): void {
  it('let anyone download, under the name that was asked for', async () => {
    const { store } = current()
    const key = 'presigned/空 格.bin'
    const body = bytes(1000, 1)
    await store.putObject(key, body)
    const disposition = 'attachment; filename="a b.bin"; filename*=UTF-8\'\'%E7%A9%BA%20%E6%A0%BC.bin'
    const signed = await store.presign({
      method: 'GET',
      key,
      query: { 'response-content-disposition': disposition },
      expiresIn: 60,
    })
    expect(signed.headers).toEqual({})
    const response = await sendSigned(signed)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-disposition')).toBe(disposition)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body)

    const head = await store.presign({ method: 'HEAD', key, expiresIn: 60 })
    expect((await sendSigned(head)).headers.get('content-length')).toBe('1000')
  })

  it('do one thing: no other method, key or query', async () => {
    const { store } = current()
    await store.putObject('presigned/mine.bin', bytes(1, 1))
    await store.putObject('presigned/other.bin', bytes(1, 1))
    const signed = await store.presign({ method: 'GET', key: 'presigned/mine.bin', expiresIn: 60 })
    for (const forged of [
      { ...signed, method: 'DELETE' },
      { ...signed, url: signed.url.replace('mine.bin', 'other.bin') },
      { ...signed, url: `${signed.url}&uploadId=x` },
    ]) {
      expect(await refusalOf(await sendSigned(forged), store)).toMatchObject({ status: 403 })
    }
    expect(await store.headObject('presigned/mine.bin')).toMatchObject({ size: 1 })
  })

  it('end', async () => {
    const { subject, store } = current()
    await store.putObject('presigned/late.bin', bytes(1, 1))
    const earlier = subject.open({ clock: new StoreClock(() => Date.now() - 3_600_000) })
    const signed = await earlier.presign({ method: 'GET', key: 'presigned/late.bin', expiresIn: 60 })
    expect(await refusalOf(await sendSigned(signed), store)).toMatchObject({
      code: 'AccessDenied',
      status: 403,
    })
  })

  it('let one PUT pass, of exactly the bytes and headers that were pinned', async () => {
    const { store } = current()
    const key = 'presigned/put.bin'
    const body = bytes(1000, 2)
    const signed = await store.presign({
      method: 'PUT',
      key,
      headers: {
        'content-length': String(body.length),
        'content-md5': md5(body, 'base64'),
        'content-type': 'application/x-test',
        'content-disposition': 'attachment',
      },
      expiresIn: 60,
    })
    for (const [forged, otherBody] of [
      [signed, bytes(999, 2)],
      [signed, bytes(1000, 3)],
      [
        { ...signed, headers: { ...signed.headers, 'content-md5': md5(bytes(1000, 3), 'base64') } },
        bytes(1000, 3),
      ],
      [{ ...signed, headers: { ...signed.headers, 'content-type': 'text/html' } }, body],
      [without(signed, 'content-md5'), body],
    ] as const) {
      expect((await refusalOf(await sendSigned(forged, otherBody), store)).status).toBeLessThan(500)
    }
    expect(await store.headObject(key)).toBeNull()

    const response = await sendSigned(signed, body)
    expect(response.status).toBe(200)
    expect(response.headers.get('etag')).toBe(`"${md5(body)}"`)
    const stored = await store.getObject(key)
    expect(stored.headers.get('content-type')).toBe('application/x-test')
    expect(stored.headers.get('content-disposition')).toBe('attachment')
    expect(new Uint8Array(await stored.arrayBuffer())).toEqual(body)
  })

  it('let nobody add a header that was pinned as nothing', async () => {
    const { store } = current()
    const key = 'presigned/plain.bin'
    const body = bytes(1000, 5)
    const signed = await store.presign({
      method: 'PUT',
      key,
      headers: { 'content-length': String(body.length), ...emptyObjectHeaders },
      expiresIn: 60,
    })
    for (const [name, value] of [
      ['cache-control', 'max-age=60'],
      ['content-encoding', 'gzip'],
      ['content-language', 'en'],
      ['expires', 'Thu, 01 Dec 2033 16:00:00 GMT'],
    ] as const) {
      const forged = { ...signed, headers: { ...signed.headers, [name]: value } }
      expect((await refusalOf(await sendSigned(forged, body), store)).status, name).toBe(403)
      expect((await refusalOf(await sendSigned(without(signed, name), body), store)).status, name).toBe(403)
    }
    expect((await sendSigned(signed, body)).status).toBe(200)
    const { headers } = await store.getObject(key)
    for (const name of Object.keys(emptyObjectHeaders)) expect(headers.get(name) ?? '', name).toBe('')
  })

  it('send one part', async () => {
    const { store } = current()
    const key = 'presigned/part.bin'
    const { uploadId } = await store.createMultipartUpload(key)
    const body = bytes(1000, 4)
    const signed = await store.presign({
      method: 'PUT',
      key,
      query: { partNumber: '1', uploadId },
      headers: { 'content-length': String(body.length) },
      expiresIn: 60,
    })
    expect(
      (await sendSigned({ ...signed, url: signed.url.replace('partNumber=1', 'partNumber=2') }, body)).status,
    ).toBe(403)
    expect((await sendSigned(signed, body)).status).toBe(200)
    expect(await store.listParts(key, uploadId)).toMatchObject([{ partNumber: 1, size: 1000 }])
    await store.abortMultipartUpload(key, uploadId)
  })
}
