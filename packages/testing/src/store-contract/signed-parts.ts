import { expect, it } from 'vitest'
import { headerLike, readBase64Crc64 } from '@carryon/object-store'
import { bytes, crc64, md5 } from './content.js'
import type { ContractContext } from './contract.js'
import { partSender, refusalOf } from './signed-fetch.js'

/** Tests what a page does: it signs each part itself and sends it with nothing but the signer's output. */
export function signedParts(current: () => ContractContext): void {
  const key = 'signed/空 格+part.bin'
  const now = Math.floor(Date.now() / 1000)

  it('are stored, each with what proves it', async () => {
    const { store } = current()
    const { uploadId } = await store.createMultipartUpload(key)
    const send = partSender(current(), { startsAt: now - 60, expiresAt: now + 1800 })
    for (const partNumber of [2, 1]) {
      const body = bytes(partNumber * 1000, partNumber)
      const response = await send({ key, uploadId, partNumber }, body.length, body)
      expect(response.status).toBe(200)
      expect(response.headers.get('etag')).toBe(`"${md5(body)}"`)
      const { partChecksum } = store.capabilities
      if (partChecksum === 'crc64ecma') {
        expect(headerLike(Object.fromEntries(response.headers), /crc64ecma$/)).toBe(crc64(body))
      }
      if (partChecksum === 'crc64nvme') {
        const sum = readBase64Crc64(response.headers.get('x-amz-checksum-crc64nvme') ?? '')
        expect(sum).toBe(crc64(body, partChecksum))
      }
    }
    const listed = await store.listParts(key, uploadId)
    expect(listed.map(({ partNumber, size }) => [partNumber, size])).toEqual([
      [1, 1000],
      [2, 2000],
    ])
    await store.abortMultipartUpload(key, uploadId)
  })

  it('are refused with another size than was signed', async () => {
    const { store } = current()
    const { uploadId } = await store.createMultipartUpload(key)
    const send = partSender(current(), { startsAt: now - 60, expiresAt: now + 1800 })
    const refusal = await refusalOf(await send({ key, uploadId, partNumber: 1 }, 1000, bytes(999, 1)), store)
    expect(refusal).toMatchObject({ status: 403 })
    expect(await store.listParts(key, uploadId)).toEqual([])
    await store.abortMultipartUpload(key, uploadId)
  })

  it('are refused once the upload is gone', async () => {
    const { store } = current()
    const { uploadId } = await store.createMultipartUpload(key)
    await store.abortMultipartUpload(key, uploadId)
    const send = partSender(current(), { startsAt: now - 60, expiresAt: now + 1800 })
    const refusal = await refusalOf(await send({ key, uploadId, partNumber: 1 }, 1, bytes(1, 1)), store)
    expect(refusal).toMatchObject({ code: 'NoSuchUpload', status: 404 })
  })
}
