import { describe, expect, it } from 'vitest'
import type { Credentials } from '../testing/client.js'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { callSts, callStsV1, temporaryCredentials } from '../testing/sts.js'

const resource = (path: string): string => `qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/${path}`
const partsOf = (key: string): object => ({
  effect: 'allow',
  action: 'name/cos:UploadPart',
  resource: resource(key),
})
const policy = encodeURIComponent(JSON.stringify({ version: '2.0', statement: [partsOf('a')] }))

describe('GetFederationToken', () => {
  it.each([
    ['API 3.0', callSts],
    ['signature v1', callStsV1],
  ])('gives a credential that works: %s', async (_, call) => {
    const { client, store } = await startTestStore()
    const reply = await call(store.url, {
      key: credentials,
      body: { Name: 'x', Policy: policy, DurationSeconds: 900 },
    })
    expect(reply.Error).toBeUndefined()
    expect(Math.abs((reply.ExpiredTime ?? 0) - Date.now() / 1000 - 900)).toBeLessThan(5)
    expect(Date.parse(reply.Expiration ?? '')).toBe((reply.ExpiredTime ?? 0) * 1000)
    expect(reply.Credentials?.Token.length).toBeLessThan(4096)
    const temporary: Credentials = {
      secretId: reply.Credentials?.TmpSecretId ?? '',
      secretKey: reply.Credentials?.TmpSecretKey ?? '',
      token: reply.Credentials?.Token ?? '',
    }
    const uploadId = await new MultipartCalls(client, 'a').initiate()
    expect((await new MultipartCalls(client, 'a', temporary).put(uploadId, 1, Buffer.from('x'))).status).toBe(
      200,
    )
  })

  it('refuses what is not signed right, late, or wrong', async () => {
    const { store } = await startTestStore()
    const body = { Name: 'x', Policy: policy }
    const wrongKey = { ...credentials, secretKey: 'wrong' }
    const old = Math.floor(Date.now() / 1000) - 3600
    for (const call of [callSts, callStsV1]) {
      const code = async (change: object): Promise<string | undefined> =>
        (await call(store.url, { key: credentials, body, ...change })).Error?.Code
      expect(await code({ key: wrongKey })).toBe('AuthFailure.SignatureFailure')
      expect(await code({ key: { ...credentials, secretId: 'AKIDother' } })).toBe(
        'AuthFailure.SecretIdNotFound',
      )
      expect(await code({ timestamp: old })).toBe('AuthFailure.SignatureExpire')
      expect(await code({ action: 'AssumeRoleWithSAML' })).toBe('InvalidAction')
      expect(await code({ body: { Name: 'x' } })).toBe('MissingParameter')
      expect(await code({ body: { ...body, Policy: '%7B' } })).toBe('InvalidParameter.StrategyFormatError')
      expect(await code({ body: { ...body, Policy: '%' } })).toBe('InvalidParameter.StrategyFormatError')
      expect(await code({ body: { ...body, DurationSeconds: 129_601 } })).toBe(
        'InvalidParameter.OverTimeError',
      )
      const long = encodeURIComponent(
        JSON.stringify({ version: '2.0', statement: [partsOf('k'.repeat(4000))] }),
      )
      expect(await code({ body: { ...body, Policy: long } })).toBe('InvalidParameter.PolicyTooLong')
    }
  })
})

describe('AssumeRole', () => {
  const RoleArn = 'qcs::cam::uin/1250000000:roleName/uploader'

  it.each([
    ['API 3.0', callSts],
    ['signature v1', callStsV1],
  ])('gives a credential that may do what the policy says, or all: %s', async (_, call) => {
    const { client, store } = await startTestStore()
    const body = { RoleArn, RoleSessionName: 'test', DurationSeconds: 900 }
    const ask = async (more: object): Promise<Credentials> => {
      const reply = await call(store.url, {
        key: credentials,
        action: 'AssumeRole',
        body: { ...body, ...more },
      })
      expect(reply.Error).toBeUndefined()
      expect(Math.abs((reply.ExpiredTime ?? 0) - Date.now() / 1000 - 900)).toBeLessThan(5)
      const { TmpSecretId = '', TmpSecretKey = '', Token = '' } = reply.Credentials ?? {}
      return { secretId: TmpSecretId, secretKey: TmpSecretKey, token: Token }
    }
    const put = { method: 'PUT', path: `/${bucket}/b`, body: 'x' }
    expect((await client.call({ ...put, credentials: await ask({}) })).status).toBe(200)
    const narrow = await ask({ Policy: policy })
    expect((await client.call({ ...put, credentials: narrow })).code).toBe('AccessDenied')
    const uploadId = await new MultipartCalls(client, 'a').initiate()
    const part = await new MultipartCalls(client, 'a', narrow).put(uploadId, 1, Buffer.from('x'))
    expect(part.status).toBe(200)
  })

  it('is refused without a role or a name for the session, and for longer than a role may last', async () => {
    const { store } = await startTestStore()
    const code = async (change: object): Promise<string | undefined> => {
      const body = { RoleArn, RoleSessionName: 'test', ...change }
      return (await callSts(store.url, { key: credentials, action: 'AssumeRole', body })).Error?.Code
    }
    expect(await code({ RoleArn: encodeURIComponent(RoleArn) })).toBeUndefined()
    expect(await code({ RoleArn: '' })).toBe('MissingParameter')
    expect(await code({ RoleSessionName: '' })).toBe('MissingParameter')
    expect(await code({ RoleArn: 'uploader' })).toBe('InvalidParameter.ResouceNotMatch')
    expect(await code({ RoleSessionName: 'a b' })).toBe('InvalidParameter.ParamError')
    expect(await code({ DurationSeconds: 43_201 })).toBe('InvalidParameter.OverTimeError')
    expect(await code({ Policy: '%7B' })).toBe('InvalidParameter.StrategyFormatError')
  })
})

describe('a temporary credential', () => {
  it('refuses a signature for another service', async () => {
    const { store } = await startTestStore()
    const errorOf = async (service: string): Promise<string | undefined> =>
      (await callSts(store.url, { key: credentials, body: { Name: 'x', Policy: policy }, service })).Error
        ?.Code
    expect(await errorOf('cvm')).toBe('AuthFailure.SignatureFailure')
    // Service name that Tencent's SDK derives from this address.
    expect(await errorOf('127')).toBeUndefined()
  })

  it('can do one thing to one key', async () => {
    const { client, store } = await startTestStore()
    const temporary = await temporaryCredentials(store.url, credentials, [partsOf('dir/a')])
    const own = new MultipartCalls(client, 'dir/a')
    const limited = new MultipartCalls(client, 'dir/a', temporary)
    const uploadId = await own.initiate()
    const etag = (await limited.put(uploadId, 1, Buffer.from('x'))).headers.etag ?? ''
    expect(etag).not.toBe('')
    const otherId = await new MultipartCalls(client, 'dir/b').initiate()
    const refused = [
      await limited.list(uploadId),
      await limited.complete(uploadId, [etag]),
      await limited.abort(uploadId),
      await new MultipartCalls(client, 'dir/b', temporary).put(otherId, 1, Buffer.from('x')),
      await client.call({ method: 'PUT', path: `/${bucket}/dir/a`, body: 'x', credentials: temporary }),
      await client.call({ method: 'GET', path: `/${bucket}/dir/a`, credentials: temporary }),
      await client.call({ method: 'GET', path: `/${bucket}/`, credentials: temporary }),
      await client.call({ method: 'GET', path: `/${bucket}/`, query: { cors: '' }, credentials: temporary }),
      await client.call({ method: 'GET', path: '/', credentials: temporary }),
    ]
    for (const { status, code } of refused) expect([status, code]).toEqual([403, 'AccessDenied'])
    expect((await own.complete(uploadId, [etag])).status).toBe(200)
  })

  it('is nothing without its token, with another, or with a changed one', async () => {
    const { client, store } = await startTestStore()
    const everything = { effect: 'allow', action: '*', resource: '*' }
    const first = await temporaryCredentials(store.url, credentials, everything)
    const second = await temporaryCredentials(store.url, credentials, everything)
    const forged = `${(first.token ?? '').slice(0, -4)}AAAA`
    const call = { method: 'PUT', path: `/${bucket}/a`, body: 'x' }
    expect((await client.call({ ...call, credentials: first })).status).toBe(200)
    for (const token of [second.token ?? '', forged, '', 'x']) {
      const { status, code } = await client.call({ ...call, credentials: { ...first, token } })
      expect([status, code]).toEqual([403, 'InvalidAccessKeyId'])
    }
    const withoutToken = { secretId: first.secretId, secretKey: first.secretKey }
    expect((await client.call({ ...call, credentials: withoutToken })).code).toBe('InvalidAccessKeyId')
  })

  it('expires with 400 ExpiredToken', async () => {
    let skew = 0
    const { client, store } = await startTestStore({ now: () => Date.now() + skew })
    const temporary = await temporaryCredentials(
      store.url,
      credentials,
      { effect: 'allow', action: '*', resource: '*' },
      900,
    )
    const call = { method: 'PUT', path: `/${bucket}/a`, body: 'x', credentials: temporary }
    skew = 890_000
    expect((await client.call(call)).status).toBe(200)
    skew = 901_000
    const { status, code } = await client.call(call)
    expect([status, code]).toEqual([400, 'ExpiredToken'])
  })

  it('outlives a restart of the store', async () => {
    const first = await startTestStore()
    const temporary = await temporaryCredentials(first.store.url, credentials, {
      effect: 'allow',
      action: '*',
      resource: '*',
    })
    await first.store.close()
    const { client } = await startTestStore({ directory: first.directory })
    const reply = await client.call({
      method: 'PUT',
      path: `/${bucket}/a`,
      body: 'x',
      credentials: temporary,
    })
    expect(reply.status).toBe(200)
  })

  it('meets the conditions of its policy', async () => {
    const { client, store } = await startTestStore()
    const temporary = await temporaryCredentials(store.url, credentials, [
      {
        effect: 'allow',
        action: ['name/cos:PutObject'],
        resource: [resource('*')],
        condition: {
          numeric_less_than_equal: { 'cos:content-length': 5 },
          string_equal: { 'cos:x-cos-forbid-overwrite': 'true' },
          string_like_if_exist: { 'cos:content-type': 'image/*' },
          ip_equal: { 'qcs:ip': '127.0.0.0/8' },
        },
      },
    ])
    const status = async (body: string, headers: Record<string, string>): Promise<number> =>
      (
        await client.call({
          method: 'PUT',
          path: `/${bucket}/${body}`,
          body,
          headers,
          credentials: temporary,
        })
      ).status
    const forbid = { 'x-cos-forbid-overwrite': 'true' }
    expect(await status('12345', forbid)).toBe(200)
    expect(await status('123456', forbid)).toBe(403)
    expect(await status('123', {})).toBe(403)
    expect(await status('124', { ...forbid, 'content-type': 'image/png' })).toBe(200)
    expect(await status('125', { ...forbid, 'content-type': 'text/html' })).toBe(403)
  })

  it('meets a condition on a parameter by the parameter only', async () => {
    const { client, store } = await startTestStore()
    const temporary = await temporaryCredentials(store.url, credentials, {
      effect: 'allow',
      action: ['name/cos:GetBucket'],
      resource: '*',
      condition: { string_equal: { 'cos:prefix': 'own/' } },
    })
    const list = async (prefix: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
      (
        await client.call({
          method: 'GET',
          path: `/${bucket}/`,
          query: { prefix },
          headers,
          credentials: temporary,
        })
      ).status
    expect([await list('own/'), await list('other/')]).toEqual([200, 403])
    expect(await list('other/', { prefix: 'own/' })).toBe(403)
  })

  it('meets a condition on a header by the header only, also if a parameter has its name', async () => {
    const { client, store } = await startTestStore()
    await client.call({ method: 'PUT', path: `/${bucket}/a`, body: 'content' })
    const everything = { effect: 'allow', action: '*', resource: '*' } as const
    const temporary = await temporaryCredentials(store.url, credentials, [
      everything,
      { ...everything, effect: 'deny', condition: { string_like: { 'cos:range': 'bytes=*' } } },
    ])
    const get = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await client.call({ method: 'GET', path: `/${bucket}/a`, headers, credentials: temporary })).status
    expect([await get({ range: 'bytes=0-1' }), await get({})]).toEqual([403, 200])
  })

  it('meets a condition on the time', async () => {
    const { client, store } = await startTestStore()
    const hour = 3_600_000
    const until = async (time: number): Promise<number> => {
      const temporary = await temporaryCredentials(store.url, credentials, {
        effect: 'allow',
        action: '*',
        resource: '*',
        condition: { date_less_than: { 'qcs:current_time': new Date(time).toISOString() } },
      })
      const path = `/${bucket}/a`
      return (await client.call({ method: 'PUT', path, body: 'x', credentials: temporary })).status
    }
    expect([await until(Date.now() + hour), await until(Date.now() - hour)]).toEqual([200, 403])
  })

  it('lists and deletes only what it may', async () => {
    const { client, store } = await startTestStore()
    for (const key of ['own/1', 'own/2', 'other/1'])
      await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: key })
    const temporary = await temporaryCredentials(store.url, credentials, [
      {
        effect: 'allow',
        action: ['name/cos:GetBucket', 'name/cos:DeleteObject'],
        resource: [resource('own/*')],
      },
      { effect: 'allow', action: ['name/cos:DeleteMultipleObjects'], resource: [resource('')] },
    ])
    const list = async (prefix: string): Promise<number> =>
      (await client.call({ method: 'GET', path: `/${bucket}/`, query: { prefix }, credentials: temporary }))
        .status
    expect([await list('own/'), await list('other/'), await list('')]).toEqual([200, 403, 403])
    const body = '<Delete><Object><Key>own/1</Key></Object><Object><Key>other/1</Key></Object></Delete>'
    const reply = await client.call({
      method: 'POST',
      path: `/${bucket}/`,
      query: { delete: '' },
      body,
      credentials: temporary,
    })
    expect(reply.xml.children.map(({ name }) => name)).toEqual(['Deleted', 'Error'])
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/other/1` })).status).toBe(200)
  })
})
