import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { CosPolicyScope, CredentialData, GetCredentialOptions } from 'qcloud-cos-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, nodeClient } from '../support/node-client.js'
import { account, startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { resource } from '../support/temporary-credentials.js'
import { openTlsFront, type TlsFront } from './tls-front.js'

type Outcome = { data: CredentialData } | { error: { Code: string; Message: string; RequestId: string } }
type Asked = Partial<GetCredentialOptions> & { scope?: CosPolicyScope[] }

let store: StoreUnderTest
let front: TlsFront
beforeAll(async () => {
  store = await startStoreUnderTest()
  front = await openTlsFront(store)
})
afterAll(async () => {
  await front.close()
  await store.close()
})

/** Runs the package in a child process over https, because it supports nothing else. */
async function getCredential(asked: Asked): Promise<Outcome> {
  const { secretId, secretKey, region } = account
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(import.meta.dirname, 'get-credential.mjs'),
      JSON.stringify({ secretId, secretKey, region, host: front.host, ...asked }),
    ],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: front.certificatePath }, timeout: 30_000 },
  )
  return JSON.parse(stdout) as Outcome
}

async function credentialsFor(asked: Asked) {
  const outcome = await getCredential(asked)
  if (!('data' in outcome)) throw new Error(`STS refused: ${JSON.stringify(outcome.error)}`)
  const { tmpSecretId, tmpSecretKey, sessionToken } = outcome.data.credentials
  return {
    data: outcome.data,
    cos: nodeClient(store, { SecretId: tmpSecretId, SecretKey: tmpSecretKey, SecurityToken: sessionToken }),
  }
}

describe('qcloud-cos-sts over https', () => {
  it('gets credentials that do what the policy says and nothing else', async () => {
    const { data, cos } = await credentialsFor({
      durationSeconds: 900,
      policy: {
        version: '2.0',
        statement: [{ effect: 'allow', action: ['name/cos:PutObject'], resource: [resource('sts/one.txt')] }],
      },
    })
    expect(data.expiredTime - data.startTime).toBe(900)
    expect(Math.abs(data.expiredTime - 900 - Date.now() / 1000)).toBeLessThan(60)
    expect(data.requestId).toBeTruthy()

    await cos.putObject({ ...bucket, Key: 'sts/one.txt', Body: 'one' })
    for (const call of [
      cos.putObject({ ...bucket, Key: 'sts/two.txt', Body: 'two' }),
      cos.getObject({ ...bucket, Key: 'sts/one.txt' }),
    ]) {
      expect(await failureOf(call)).toMatchObject({ statusCode: 403, code: 'AccessDenied' })
    }
  })

  it('takes the policy that its own getPolicy makes', async () => {
    const { cos } = await credentialsFor({
      scope: [
        { action: 'name/cos:PutObject', bucket: bucket.Bucket, region: bucket.Region, prefix: 'scope/*' },
      ],
    })
    await cos.putObject({ ...bucket, Key: 'scope/a.txt', Body: 'a' })
    expect(await failureOf(cos.putObject({ ...bucket, Key: 'other/a.txt', Body: 'a' }))).toMatchObject({
      statusCode: 403,
      code: 'AccessDenied',
    })
  })

  it.each<[string, Partial<GetCredentialOptions>, RegExp]>([
    ['a wrong secret key', { secretKey: 'wrong' }, /^AuthFailure\.SignatureFailure$/],
    ['an unknown secret id', { secretId: 'AKIDnobody' }, /^AuthFailure\.SecretIdNotFound$/],
    ['a policy that is none', { policy: { nonsense: true } }, /^InvalidParameter/],
    ['a lifetime beyond any limit', { durationSeconds: 1_000_000 }, /^InvalidParameter/],
  ])('is told of %s', async (_what, asked, code) => {
    const policy = {
      version: '2.0',
      statement: [{ effect: 'allow', action: ['name/cos:PutObject'], resource: [resource('*')] }],
    }
    const outcome = await getCredential({ policy, ...asked })
    expect(outcome).toEqual({
      error: {
        Code: expect.stringMatching(code) as string,
        Message: expect.stringMatching(/./) as string,
        RequestId: expect.stringMatching(/./) as string,
      },
    })
  })
})
