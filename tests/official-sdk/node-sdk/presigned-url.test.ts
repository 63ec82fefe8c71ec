import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bucket, nodeClient, permanentCredentials, virtualHost } from '../support/node-client.js'
import { exchange } from '../support/exchange.js'
import { sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { everything, temporaryCredentials } from '../support/temporary-credentials.js'

const object = { ...bucket, Key: "签名/it's a+b & c.bin" } as const
const bytes = sampleBytes(70_000, 'presigned')

let store: StoreUnderTest
beforeAll(async () => {
  store = await startStoreUnderTest()
  await nodeClient(store).putObject({ ...object, Body: bytes })
})
afterAll(() => store.close())

/** Signs a URL through the callback: with `getAuthorization` set, the synchronous return value would be unsigned. */
function urlFor(
  cos: COS,
  params: Omit<COS.GetObjectUrlParams, 'Bucket' | 'Region' | 'Key'>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    cos.getObjectUrl({ ...object, Sign: true, ...params }, (error, result) => {
      if (error) reject(new Error(error.message))
      else resolve(result.Url)
    })
  })
}

describe.each(['permanent', 'temporary'])('a URL signed with %s credentials', (kind) => {
  let cos: COS
  beforeAll(async () => {
    cos = nodeClient(
      store,
      kind === 'permanent' ? permanentCredentials : await temporaryCredentials(store, everything),
    )
  })

  it('reads the object with no header but Host', async () => {
    const url = await urlFor(cos, { Expires: 60 })
    expect(new URL(url).host).toBe(virtualHost)
    const got = await exchange(store, 'GET', url)
    expect(got.status).toBe(200)
    expect(got.body.equals(bytes)).toBe(true)
  })

  it('carries response headers that it signed', async () => {
    const disposition = "attachment; filename*=UTF-8''%E7%BB%AD.bin"
    const url = await urlFor(cos, { Query: { 'response-content-disposition': disposition } })
    const got = await exchange(store, 'GET', url)
    expect(got.status).toBe(200)
    expect(got.headers['content-disposition']).toBe(disposition)
    const forged = await exchange(store, 'GET', url.replace('attachment', 'inline'))
    expect(forged.status).toBe(403)
    expect(forged.body.toString()).toContain('<Code>SignatureDoesNotMatch</Code>')
  })

  it('writes when signed for PUT, and only then', async () => {
    const url = await urlFor(cos, { Method: 'PUT' })
    expect((await exchange(store, 'PUT', url, Buffer.from('written'))).status).toBe(200)
    expect((await exchange(store, 'GET', url)).status).toBe(403)
    expect((await cos.getObject(object)).Body.toString()).toBe('written')
    await cos.putObject({ ...object, Body: bytes })
    expect((await exchange(store, 'PUT', await urlFor(cos, {}), Buffer.from('forged'))).status).toBe(403)
    expect((await cos.getObject(object)).Body.equals(bytes)).toBe(true)
  })

  it('is refused for another key, another host, and after its time', async () => {
    const url = await urlFor(cos, {})
    expect((await exchange(store, 'GET', url.replace('.bin?', '.txt?'))).status).toBe(403)
    const elsewhere = url.replace(bucket.Bucket, 'other-1250000000')
    expect((await exchange(store, 'GET', elsewhere)).status).toBeGreaterThanOrEqual(403)
    const late = nodeClient(store, permanentCredentials, { SystemClockOffset: -3_600_000 })
    const expired = await exchange(store, 'GET', await urlFor(late, { Expires: 60 }))
    expect(expired.status).toBe(403)
    expect(expired.body.toString()).toContain('<Message>Request has expired</Message>')
  })
})

describe('an unsigned URL', () => {
  it('is refused: buckets are private', async () => {
    const url = await urlFor(nodeClient(store), { Sign: false })
    const got = await exchange(store, 'GET', url)
    expect(got.status).toBe(403)
    expect(got.body.toString()).toContain('<Code>AccessDenied</Code>')
  })
})
