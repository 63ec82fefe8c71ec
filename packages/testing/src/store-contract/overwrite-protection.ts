import { expect, it } from 'vitest'
import { bytes, md5 } from './content.js'
import type { ContractContext, StorePromises } from './contract.js'
import { refusalOf, sendSigned, without } from './signed-fetch.js'

/** COS answers FileAlreadyExists, S3 PreconditionFailed; callers treat both alike. */
const taken = /^(FileAlreadyExists|PreconditionFailed)$/

export function overwriteProtection(
  current: () => ContractContext,
  { forbidOverwriteOnComplete, isInProcess = false }: StorePromises,
): void {
  it('keeps an object from a PUT that must not overwrite', async () => {
    const { store } = current()
    expect(store.capabilities).toMatchObject({ forbidOverwrite: true, forbidOverwriteOnComplete })
    const first = bytes(10, 7)
    await store.putObject('once/put.bin', first, { forbidOverwrite: true })
    const second = store.putObject('once/put.bin', bytes(10, 8), { forbidOverwrite: true })
    await expect(second).rejects.toHaveProperty('code', expect.stringMatching(taken))
    expect(new Uint8Array(await (await store.getObject('once/put.bin')).arrayBuffer())).toEqual(first)
    await store.putObject('once/put.bin', bytes(11, 8))
    expect(await store.headObject('once/put.bin')).toMatchObject({ size: 11 })
  })

  it.skipIf(isInProcess)(
    'lets a presigned PUT pass once, and not without the header that says so',
    async () => {
      const { store } = current()
      const body = bytes(1000, 2)
      const headers = { 'content-length': '1000', 'content-md5': md5(body, 'base64') }
      const key = 'once/presigned.bin'
      const signed = await store.presign({
        method: 'PUT',
        key,
        headers,
        forbidOverwrite: true,
        expiresIn: 60,
      })
      const [name] = Object.keys(signed.headers).filter((header) => header !== 'content-md5')
      expect((await refusalOf(await sendSigned(without(signed, name ?? ''), body), store)).status).toBe(403)
      expect((await sendSigned(signed, body)).status).toBe(200)
      expect((await refusalOf(await sendSigned(signed, body), store)).code).toMatch(taken)
    },
  )

  if (!forbidOverwriteOnComplete) return

  it('keeps an object from a complete that must not overwrite, and leaves the upload open', async () => {
    const { store } = current()
    const key = 'once/multipart.bin'
    const { uploadId } = await store.createMultipartUpload(key)
    const { etag } = await store.uploadPart({ key, uploadId, partNumber: 1 }, bytes(10, 1))
    await store.putObject(key, bytes(3, 2))
    const parts = [{ partNumber: 1, etag }]
    const completed = store.completeMultipartUpload(key, uploadId, parts, { forbidOverwrite: true })
    await expect(completed).rejects.toHaveProperty('code', expect.stringMatching(taken))
    expect(await store.headObject(key)).toMatchObject({ size: 3 })
    await store.completeMultipartUpload(key, uploadId, parts)
    expect(await store.headObject(key)).toMatchObject({ size: 10 })
  })
}
