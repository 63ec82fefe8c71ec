import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { exchange } from '../support/exchange.js'
import { failureOf } from '../support/failure.js'
import { bucket, nodeClient, permanentCredentials, virtualHost } from '../support/node-client.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const object = { ...bucket, Key: 'refusals/here.txt' } as const
const missing = { ...bucket, Key: 'refusals/missing.txt' } as const

let store: StoreUnderTest
beforeAll(async () => {
  store = await startStoreUnderTest()
  await nodeClient(store).putObject({ ...object, Body: 'here' })
})
afterAll(() => store.close())

describe('cos-nodejs-sdk-v5 is told why', () => {
  it('NoSuchKey, with a request id', async () => {
    const failure = await failureOf(nodeClient(store).getObject(missing))
    expect(failure).toMatchObject({ statusCode: 404, code: 'NoSuchKey' })
    expect(failure.requestId).toBeTruthy()
    expect(await failureOf(nodeClient(store).headObject(missing))).toMatchObject({ statusCode: 404 })
  })

  it('SignatureDoesNotMatch, when the secret key is another', async () => {
    const cos = nodeClient(store, { ...permanentCredentials, SecretKey: 'anotherSecretKey' })
    const expected = { statusCode: 403, code: 'SignatureDoesNotMatch' }
    expect(await failureOf(cos.getObject(object))).toMatchObject(expected)
    expect(await failureOf(cos.putObject({ ...object, Body: 'forged' }))).toMatchObject(expected)
    expect(await failureOf(cos.getBucket(bucket))).toMatchObject(expected)
    expect((await nodeClient(store).getObject(object)).Body.toString()).toBe('here')
  })

  it('InvalidAccessKeyId, when nobody has that key id', async () => {
    const cos = nodeClient(store, { SecretId: 'AKIDnobody', SecretKey: permanentCredentials.SecretKey })
    expect(await failureOf(cos.getObject(object))).toMatchObject({
      statusCode: 403,
      code: 'InvalidAccessKeyId',
    })
  })

  it('the XML of every error: code, message, resource, request id', async () => {
    const answer = await exchange(store, 'GET', `http://${virtualHost}/${object.Key}`)
    expect(answer.status).toBe(403)
    expect(answer.headers['content-type']).toMatch(/^application\/xml/)
    expect(answer.headers['server']).toBe('tencent-cos')
    const xml = answer.body.toString()
    const id = String(answer.headers['x-cos-request-id'])
    expect(xml).toMatch(/^<\?xml version=['"]1\.0['"] encoding=['"]utf-8['"] ?\?>\s*<Error>/i)
    expect(xml).toContain('<Code>AccessDenied</Code>')
    expect(xml).toContain(`<RequestId>${id}</RequestId>`)
    expect(xml).toContain(`<TraceId>${String(answer.headers['x-cos-trace-id'])}</TraceId>`)
    expect(xml).toMatch(/<Resource>.*refusals\/here\.txt<\/Resource>/)
  })
})

describe('a signature covers', () => {
  const signedHeaders = (SecretKey = permanentCredentials.SecretKey) => {
    const cos = nodeClient(store, { ...permanentCredentials, SecretKey })
    return {
      authorization: cos.getAuth({
        Method: 'GET',
        Key: object.Key,
        Query: { 'response-content-type': 'text/plain' },
        Headers: { Host: virtualHost, 'x-cos-meta-signed': 'as it is' },
      }),
      'x-cos-meta-signed': 'as it is',
    }
  }
  const url = `http://${virtualHost}/${object.Key}?response-content-type=text%2Fplain`

  it('what was sent, and then it passes', async () => {
    expect((await exchange(store, 'GET', url, undefined, signedHeaders())).status).toBe(200)
  })

  it.each<[string, string, string, Record<string, string>]>([
    ['the key', 'GET', url.replace('here', 'there'), {}],
    ['the method', 'DELETE', url, {}],
    ['a parameter', 'GET', url.replace('plain', 'html'), {}],
    ['a parameter, which may not be left out either', 'GET', url.replace(/\?.*/, ''), {}],
    ['a header', 'GET', url, { 'x-cos-meta-signed': 'something else' }],
    ['the host', 'GET', url, { host: virtualHost.replace('myqcloud.com', 'tencentcos.cn') }],
  ])('%s', async (_what, method, target, changed) => {
    const answer = await exchange(store, method, target, undefined, { ...signedHeaders(), ...changed })
    expect(answer.status).toBe(403)
    expect(answer.body.toString()).toContain('<Code>SignatureDoesNotMatch</Code>')
  })
})

describe('a client whose clock is wrong', () => {
  it.each([-86_400_000, 86_400_000])('by %i ms corrects itself by the answer and goes on', async (offset) => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const cos = nodeClient(store, permanentCredentials, { SystemClockOffset: offset })
    expect((await cos.getObject(object)).Body.toString()).toBe('here')
    expect(told).toHaveBeenCalledWith('error: Local time is too skewed.')
    told.mockRestore()
  })
})
