import { expect, it } from 'vitest'
import { createPartSigner, parseStoreError } from '@carryon/object-store'
import type { PartAddress, StoreError } from '@carryon/object-store'
import { bytes, crc64, md5 } from './content.js'
import type { ContractContext } from './contract.js'

/** What a page does: it signs each part itself and sends it with nothing but what the signer gave. */
export function signedParts(current: () => ContractContext): void {
  const key = 'signed/空 格+part.bin'
  const now = Math.floor(Date.now() / 1000)

  function signer(window: { startsAt: number; expiresAt: number }) {
    const { subject, store } = current()
    const { location } = store
    const signPart = createPartSigner({ location, credentials: subject.credentials, ...window })
    return async (
      part: PartAddress,
      signedSize: number,
      body: Uint8Array<ArrayBuffer>,
    ): Promise<Response> => {
      const { method, url, headers } = await signPart(part, signedSize)
      return fetch(url, { method, headers, body })
    }
  }

  async function refusalOf(response: Response): Promise<StoreError> {
    expect(response.ok).toBe(false)
    return parseStoreError(response.status, Object.fromEntries(response.headers), await response.text())
  }

  it('are stored, each with what proves it', async () => {
    const { store } = current()
    const { uploadId } = await store.createMultipartUpload(key)
    const send = signer({ startsAt: now - 60, expiresAt: now + 1800 })
    for (const partNumber of [2, 1]) {
      const body = bytes(partNumber * 1000, partNumber)
      const response = await send({ key, uploadId, partNumber }, body.length, body)
      expect(response.status).toBe(200)
      expect(response.headers.get('etag')).toBe(`"${md5(body)}"`)
      if (store.capabilities.partChecksum === 'crc64ecma') {
        expect(response.headers.get('x-cos-hash-crc64ecma')).toBe(crc64(body))
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
    const send = signer({ startsAt: now - 60, expiresAt: now + 1800 })
    const refusal = await refusalOf(await send({ key, uploadId, partNumber: 1 }, 1000, bytes(999, 1)))
    expect(refusal).toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 })
    expect(await store.listParts(key, uploadId)).toEqual([])
    await store.abortMultipartUpload(key, uploadId)
  })

  it('are refused before and after the time of the credentials', async () => {
    const { store } = current()
    const { uploadId } = await store.createMultipartUpload(key)
    const part = { key, uploadId, partNumber: 1 }
    const early = await refusalOf(
      await signer({ startsAt: now + 3600, expiresAt: now + 7200 })(part, 1, bytes(1, 1)),
    )
    expect(early).toMatchObject({ code: 'RequestTimeTooSkewed', status: 403 })
    const late = await refusalOf(
      await signer({ startsAt: now - 7200, expiresAt: now - 3600 })(part, 1, bytes(1, 1)),
    )
    expect(late).toMatchObject({ code: 'AccessDenied', status: 403 })
    for (const { storeTime } of [early, late]) {
      expect(Math.abs((storeTime?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
    }
    await store.abortMultipartUpload(key, uploadId)
  })

  it('are refused once the upload is gone', async () => {
    const { store } = current()
    const { uploadId } = await store.createMultipartUpload(key)
    await store.abortMultipartUpload(key, uploadId)
    const send = signer({ startsAt: now - 60, expiresAt: now + 1800 })
    const refusal = await refusalOf(await send({ key, uploadId, partNumber: 1 }, 1, bytes(1, 1)))
    expect(refusal).toMatchObject({ code: 'NoSuchUpload', status: 404 })
  })
}
