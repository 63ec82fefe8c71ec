import { afterEach, describe, expect, it, vi } from 'vitest'
import { createPartSigner } from './part-signer.js'
import { StoreClock } from './store-clock.js'
import { location } from './testing/scripted-store.js'

const [startsAt, expiresAt] = [1_700_000_000, 1_700_001_800]
const part = { key: '../空 格.bin', uploadId: 'u+1', partNumber: 3 }
const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' }

describe('createPartSigner', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it('signs the address, the host and the size, and sends the token beside it', async () => {
    const sign = createPartSigner({ location, credentials, startsAt, expiresAt })
    const { method, url, headers } = await sign(part, 1048576)
    expect(method).toBe('PUT')
    expect(url).toBe(`${location.baseUrl}/..%2F%E7%A9%BA%20%E6%A0%BC.bin?partNumber=3&uploadId=u%2B1`)
    expect(Object.keys(headers).sort()).toEqual(['authorization', 'x-cos-security-token'])
    expect(headers['x-cos-security-token']).toBe('token')
    expect(headers['authorization']).toMatch(
      /^q-sign-algorithm=sha1&q-ak=AKID&q-sign-time=1700000000;1700001800&q-key-time=1700000000;1700001800&q-header-list=content-length;host&q-url-param-list=partnumber;uploadid&q-signature=[0-9a-f]{40}$/,
    )
    expect(await sign(part, 1048575)).not.toEqual({ method, url, headers })
  })

  it('needs no clock, however wrong the local one is', async () => {
    const clock = new StoreClock(() => 0)
    const signed = await createPartSigner({ location, credentials, startsAt, expiresAt, clock })(part, 1)
    expect(signed).toEqual(await createPartSigner({ location, credentials, startsAt, expiresAt })(part, 1))
  })

  it("refuses credentials that have expired by the store's time, and only by that", async () => {
    const clock = new StoreClock(() => 0)
    const sign = createPartSigner({ location, credentials, startsAt, expiresAt, clock })
    clock.learnFromServerTime(expiresAt - 10, 0)
    await expect(sign(part, 1)).resolves.toBeDefined()
    clock.learnFromServerTime(expiresAt + 10, 0)
    await expect(sign(part, 1)).rejects.toMatchObject({ code: 'ExpiredToken' })
  })

  it('says what to do when the page has no WebCrypto', async () => {
    vi.stubGlobal('crypto', {})
    const sign = createPartSigner({ location, credentials, startsAt, expiresAt })
    await expect(sign(part, 1)).rejects.toMatchObject({ code: 'CryptoUnavailable', message: /https/ })
  })
})
