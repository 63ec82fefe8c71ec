import { describe, expect, it } from 'vitest'
import { authorization, type Credentials, type Reply, type TestClient } from '../testing/client.js'
import { formBytes, formHeaders, signedFields } from '../testing/form.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'

interface Wishes {
  readonly fields?: Readonly<Record<string, string>>
  /** Headers covered by the signature. */
  readonly signed?: Readonly<Record<string, string>>
  readonly key?: Credentials
  readonly path?: string
  readonly host?: string
  readonly method?: string
  readonly keyTime?: string
}

/**
 * Posts a form as Tencent's WeChat SDK does: signed as a POST to the bucket, with the signature in the field
 * `Signature`.
 */
async function post(client: TestClient, wishes: Wishes = {}): Promise<Reply> {
  const { fields = {}, signed = {}, path = `/${bucket}/`, method = 'POST' } = wishes
  const key: Credentials = wishes.key ?? credentials
  const keyTime = wishes.keyTime === undefined ? {} : { keyTime: wishes.keyTime }
  const signature = authorization({ method, path, ...keyTime }, signed, key)
  const all = {
    key: 'a.txt',
    success_action_status: '200',
    Signature: signature,
    ...(key.token === undefined ? {} : { 'x-cos-security-token': key.token }),
    'Content-Type': '',
    ...fields,
  }
  return client.call({
    method: 'POST',
    path,
    credentials: false,
    headers: formHeaders,
    body: formBytes([...Object.entries(all), ['file', 'content']]),
    ...(wishes.host === undefined ? {} : { host: wishes.host }),
  })
}

async function stored(client: TestClient): Promise<string> {
  const reply = await client.call({ method: 'GET', path: `/${bucket}/a.txt` })
  return reply.status === 200 ? reply.text : reply.code
}

describe('a form with the signature of its request', () => {
  it('is stored, by the path of the bucket or by its host', async () => {
    const { client } = await startTestStore()
    expect((await post(client)).status).toBe(200)
    expect(await stored(client)).toBe('content')
    await client.call({ method: 'DELETE', path: `/${bucket}/a.txt` })
    const host = `${bucket}.cos.ap-guangzhou.myqcloud.com`
    expect((await post(client, { path: '/', host, signed: { host } })).status).toBe(200)
    expect(await stored(client)).toBe('content')
  })

  it('may do what the policy of a token allows, and no more', async () => {
    const { client, store } = await startTestStore()
    const statement = {
      effect: 'allow',
      action: ['name/cos:PostObject'],
      resource: [`qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/a.txt`],
    }
    const key = await temporaryCredentials(store.url, credentials, statement)
    expect((await post(client, { key })).status).toBe(200)
    expect((await post(client, { key, fields: { key: 'b.txt' } })).code).toBe('AccessDenied')
    const { token, ...withoutToken } = key
    expect(token).toBeDefined()
    expect((await post(client, { key: withoutToken })).code).toBe('InvalidAccessKeyId')
  })

  it('must cover each field of the protocol, as it must each such header', async () => {
    const { client } = await startTestStore()
    const fields = { 'x-cos-meta-a': '1' }
    expect((await post(client, { fields })).code).toBe('AccessDenied')
    expect((await post(client, { fields, signed: { 'x-cos-meta-a': '2' } })).code).toBe(
      'SignatureDoesNotMatch',
    )
    expect(await stored(client)).toBe('NoSuchKey')
    expect((await post(client, { fields, signed: fields })).status).toBe(200)
    const head = await client.call({ method: 'HEAD', path: `/${bucket}/a.txt` })
    expect(head.headers['x-cos-meta-a']).toBe('1')
  })

  it.each([
    ['a PUT', { method: 'PUT' }, 'SignatureDoesNotMatch'],
    ['another key', { key: { ...credentials, secretKey: 'wrong' } }, 'SignatureDoesNotMatch'],
    ['another time', { keyTime: '1000000000;1000000900' }, 'AccessDenied'],
    ['nobody', { fields: { Signature: 'x' } }, 'AccessDenied'],
    ['an unknown account', { key: { ...credentials, secretId: 'AKIDother' } }, 'InvalidAccessKeyId'],
  ])('is refused when it is that of %s', async (_, wishes: Wishes, code) => {
    const { client } = await startTestStore()
    expect((await post(client, wishes)).code).toBe(code)
    expect(await stored(client)).toBe('NoSuchKey')
  })

  it('must not have a policy, too', async () => {
    const { client } = await startTestStore()
    const { policy = '', 'q-signature': other = '' } = signedFields({ fields: { key: 'a.txt' }, credentials })
    expect((await post(client, { fields: { policy } })).code).toBe('InvalidArgument')
    expect((await post(client, { fields: { 'q-signature': other } })).code).toBe('InvalidArgument')
  })
})
