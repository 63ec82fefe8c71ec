import { expect, it } from 'vitest'
import { bytes, partSender, refusalOf, type ContractContext } from '@carryon/testing/store-contract'

/** COS signs the credentials' validity period, so a part needs no clock; a refusal carries the store's time. */
export function cosCredentialTime(current: () => ContractContext): void {
  const now = Math.floor(Date.now() / 1000)

  it.each([
    ['before', { startsAt: now + 3600, expiresAt: now + 7200 }, 'RequestTimeTooSkewed'],
    ['after', { startsAt: now - 7200, expiresAt: now - 3600 }, 'AccessDenied'],
  ])('a part is refused %s the time of the credentials', async (_, window, code) => {
    const { store } = current()
    const key = 'credential-time'
    const { uploadId } = await store.createMultipartUpload(key)
    const send = partSender(current(), window)
    const refusal = await refusalOf(await send({ key, uploadId, partNumber: 1 }, 1, bytes(1, 1)), store)
    expect(refusal).toMatchObject({ code, status: 403 })
    expect(Math.abs((refusal.storeTime?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
    await store.abortMultipartUpload(key, uploadId)
  })
}
