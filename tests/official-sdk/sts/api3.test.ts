import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, isRecord } from '../support/failure.js'
import { bucket, nodeClient, type SdkCredentials } from '../support/node-client.js'
import { account, startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { everything, resource, stsClient, temporaryCredentials } from '../support/temporary-credentials.js'

let store: StoreUnderTest
beforeAll(async () => {
  store = await startStoreUnderTest()
})
afterAll(() => store.close())

const ask = (
  key: { secretId: string; secretKey: string },
  changed: { Policy?: string; DurationSeconds?: number },
) =>
  stsClient(store, key).GetFederationToken({
    Name: 'suite',
    Policy: encodeURIComponent(JSON.stringify({ version: '2.0', statement: everything })),
    DurationSeconds: 1800,
    ...changed,
  })

/** The exception that Tencent's API 3.0 client throws: code, message, request id. */
async function exceptionOf(call: Promise<unknown>) {
  const error: unknown = await call.then(
    (answer) => {
      throw new Error(`The call should have failed, but answered ${JSON.stringify(answer)}`)
    },
    (reason: unknown) => reason,
  )
  if (!isRecord(error)) throw new Error(String(error))
  return { code: String(error['code']), message: String(error['message']), requestId: error['requestId'] }
}

describe('tencentcloud-sdk-nodejs-sts, GetFederationToken', () => {
  it('answers credentials that work until they expire', async () => {
    const answer = await ask(account, { DurationSeconds: 600 })
    expect(answer.RequestId).toBeTruthy()
    expect(Math.abs((answer.ExpiredTime ?? 0) - 600 - Date.now() / 1000)).toBeLessThan(60)
    expect(Date.parse(answer.Expiration ?? '')).toBe((answer.ExpiredTime ?? 0) * 1000)
    expect(answer.Credentials?.TmpSecretId).toMatch(/^AKID/)
    // 436/14048: the token is at most 4096 bytes. The SDKs put it into URLs as is, so it must not need escaping.
    expect(answer.Credentials?.Token).toMatch(/^[\w.~-]{1,4096}$/)
  })

  it('gives different credentials each time', async () => {
    const [one, two] = [await ask(account, {}), await ask(account, {})]
    expect(one.Credentials?.TmpSecretKey).not.toBe(two.Credentials?.TmpSecretKey)
    expect(one.Credentials?.Token).not.toBe(two.Credentials?.Token)
  })

  it.each<[string, Partial<typeof account>, { Policy?: string; DurationSeconds?: number }, RegExp]>([
    ['a wrong secret key', { secretKey: 'wrong' as never }, {}, /^AuthFailure\.SignatureFailure$/],
    ['an unknown secret id', { secretId: 'AKIDnobody' as never }, {}, /^AuthFailure\.SecretIdNotFound$/],
    ['a policy that is no JSON', {}, { Policy: 'nonsense' }, /^InvalidParameter/],
    ['a lifetime of nothing', {}, { DurationSeconds: 0 }, /^InvalidParameter/],
    ['a lifetime beyond any limit', {}, { DurationSeconds: 1_000_000 }, /^InvalidParameter/],
  ])('refuses %s', async (_what, key, changed, code) => {
    const exception = await exceptionOf(ask({ ...account, ...key }, changed))
    expect(exception.code).toMatch(code)
    expect(exception.message).toBeTruthy()
    expect(exception.requestId).toBeTruthy()
  })
})

describe('a token', () => {
  it.each<[string, (given: SdkCredentials & { SecurityToken: string }) => SdkCredentials]>([
    ['cut off', (given) => ({ ...given, SecurityToken: given.SecurityToken.slice(0, -4) })],
    ['changed in one letter', (given) => ({ ...given, SecurityToken: swapLetter(given.SecurityToken) })],
    ['left away', ({ SecretId, SecretKey }) => ({ SecretId, SecretKey })],
    ['invented', (given) => ({ ...given, SecurityToken: 'e30.e30.e30' })],
    ['with the permanent key', (given) => ({ ...given, SecretId: account.secretId })],
  ])('%s is refused', async (_what, forge) => {
    const given = await temporaryCredentials(store, everything)
    const cos = nodeClient(store, forge(given))
    const failure = await failureOf(cos.putObject({ ...bucket, Key: 'forged.txt', Body: 'x' }))
    expect(failure.statusCode).toBe(403)
    expect(await failureOf(nodeClient(store).headObject({ ...bucket, Key: 'forged.txt' }))).toMatchObject({
      statusCode: 404,
    })
  })

  it('of another policy does not widen the rights of its key', async () => {
    const narrow = await temporaryCredentials(store, [
      { effect: 'allow', action: 'name/cos:GetObject', resource: resource('mine.txt') },
    ])
    const wide = await temporaryCredentials(store, everything)
    const cos = nodeClient(store, { ...narrow, SecurityToken: wide.SecurityToken })
    expect((await failureOf(cos.putObject({ ...bucket, Key: 'mine.txt', Body: 'x' }))).statusCode).toBe(403)
  })

  it('cannot be used to get another token', async () => {
    const given = await temporaryCredentials(store, everything)
    const exception = await exceptionOf(ask({ secretId: given.SecretId, secretKey: given.SecretKey }, {}))
    expect(exception.code).toMatch(/^AuthFailure/)
  })
})

/** Replaces the letter in the middle with another. */
function swapLetter(token: string): string {
  const at = Math.floor(token.length / 2)
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
}
