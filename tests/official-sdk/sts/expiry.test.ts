import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { exchange } from '../support/exchange.js'
import { failureOf } from '../support/failure.js'
import { bucket, nodeClient } from '../support/node-client.js'
import { MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { everything, temporaryCredentials } from '../support/temporary-credentials.js'

/** Seconds; less than the five minutes of clock skew that API 3.0 allows, so that the clock can be advanced by it. */
const lifetime = 60
const object = { ...bucket, Key: 'expiry.bin' } as const

let store: StoreUnderTest
/** Milliseconds by which the store's clock is ahead of this process. */
let ahead = 0
beforeAll(async () => {
  store = await startStoreUnderTest({ now: () => Date.now() + ahead })
  // The SDK logs each correction of its clock.
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterAll(async () => {
  vi.restoreAllMocks()
  await store.close()
})

describe('an expired token', () => {
  it('answers 400 ExpiredToken, and a new one carries the upload on', async () => {
    const given = await temporaryCredentials(store, everything, lifetime)
    const cos = nodeClient(store, given)
    const upload = { ...object, UploadId: (await cos.multipartInit(object)).UploadId }
    const bodies = [sampleBytes(MiB, 'one'), sampleBytes(MiB, 'two')] as const
    const first = await cos.multipartUpload({ ...upload, PartNumber: 1, Body: bodies[0] })
    const signedUrl = await new Promise<string>((resolve) => {
      cos.getObjectUrl({ ...object, Sign: true, Expires: 86_400 }, (_error, result) => resolve(result.Url))
    })

    ahead = (lifetime + 5) * 1000
    for (const call of [
      cos.multipartUpload({ ...upload, PartNumber: 2, Body: bodies[1] }),
      cos.multipartListPart(upload),
      cos.putObject({ ...object, Body: 'late' }),
    ]) {
      expect(await failureOf(call)).toMatchObject({ statusCode: 400, code: 'ExpiredToken' })
    }
    // A URL signed for longer than its token's lifetime expires with the token.
    const late = await exchange(store, 'GET', signedUrl)
    expect(late.status).toBe(400)
    expect(late.body.toString()).toContain('<Code>ExpiredToken</Code>')

    const renewed = nodeClient(store, await temporaryCredentials(store, everything, lifetime))
    const second = await renewed.multipartUpload({ ...upload, PartNumber: 2, Body: bodies[1] })
    await renewed.multipartComplete({
      ...upload,
      Parts: [
        { PartNumber: 1, ETag: first.ETag },
        { PartNumber: 2, ETag: second.ETag },
      ],
    })
    expect((await renewed.getObject(object)).Body.equals(Buffer.concat(bodies))).toBe(true)
  })
})
