import { describe, expect, it } from 'vitest'
import { parseBucketPolicy, verdictOf } from './bucket-policy.js'
import type { Reply, TestClient } from './testing/client.js'
import { bucket, credentials, startTestStore } from './testing/store.js'
import { temporaryCredentials } from './testing/sts.js'

const path = `/${bucket}`
const query = { policy: '' }
const owner = 'qcs::cam::uin/1250000000:uin/1250000000'
const anyone = 'qcs::cam::anyone:anyone'

interface Rule {
  readonly principal?: string
  readonly effect?: 'allow' | 'deny'
  readonly action?: string | readonly string[]
  readonly key?: string
  readonly condition?: object
}

/** In the format the COS console writes. */
function policyOf(...rules: readonly Rule[]): string {
  const statements = rules.map((rule) => ({
    Principal: { qcs: [rule.principal ?? anyone] },
    Effect: rule.effect ?? 'allow',
    Action: rule.action ?? 'name/cos:GetObject',
    Resource: [`qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/${rule.key ?? '*'}`],
    ...(rule.condition === undefined ? {} : { Condition: rule.condition }),
  }))
  return JSON.stringify({ Statement: statements, version: '2.0' })
}

async function put(client: TestClient, body: string): Promise<Reply> {
  return client.call({ method: 'PUT', path, query, body, headers: { 'content-type': 'application/json' } })
}

async function givenObjects(client: TestClient, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await client.call({ method: 'PUT', path: `${path}/${key}`, body: key })
}

const unsigned = { credentials: false } as const

describe('the policy of a bucket', () => {
  it('is given back, also after a restart, and is gone when it is deleted', async () => {
    const { client, store, directory } = await startTestStore()
    const none = await client.call({ method: 'GET', path, query })
    expect([none.status, none.code]).toEqual([404, 'NoSuchBucketPolicy'])
    expect((await put(client, policyOf({}))).status).toBe(204)
    await store.close()
    const again = (await startTestStore({ directory })).client
    expect((await again.call({ method: 'GET', path, query })).text).toBe(policyOf({}))
    for (let time = 0; time < 2; time++) {
      expect((await again.call({ method: 'DELETE', path, query })).status).toBe(204)
    }
    expect((await again.call({ method: 'GET', path, query })).code).toBe('NoSuchBucketPolicy')
  })

  it('lets anyone do what it allows, and no more', async () => {
    const { client } = await startTestStore()
    await givenObjects(client, 'open/a', 'closed/a')
    await put(client, policyOf({ key: 'open/*', action: ['name/cos:GetObject', 'name/cos:PutObject'] }))
    const call = async (method: string, key: string) =>
      client.call({
        method,
        path: `${path}/${key}`,
        ...unsigned,
        ...(method === 'PUT' ? { body: 'new' } : {}),
      })
    expect((await call('GET', 'open/a')).text).toBe('open/a')
    expect((await call('PUT', 'open/b')).status).toBe(200)
    expect((await call('GET', 'closed/a')).code).toBe('AccessDenied')
    expect((await call('PUT', 'closed/b')).code).toBe('AccessDenied')
    expect((await call('DELETE', 'open/a')).code).toBe('AccessDenied')
    expect((await call('HEAD', 'open/a')).status).toBe(403)
    // Whoever stores an object anonymously must not set its ACL.
    const acl = { 'x-cos-acl': 'public-read' }
    const withAcl = { method: 'PUT', path: `${path}/open/c`, body: 'x', headers: acl, ...unsigned }
    expect((await client.call(withAcl)).code).toBe('AccessDenied')
    await client.call({ method: 'DELETE', path, query })
    expect((await call('GET', 'open/a')).code).toBe('AccessDenied')
  })

  it('lists for anyone below the prefix that it names', async () => {
    const { client } = await startTestStore()
    await givenObjects(client, 'open/a')
    await put(client, policyOf({ key: 'open/*', action: 'name/cos:GetBucket' }))
    const list = async (prefix: string) =>
      client.call({ method: 'GET', path, query: { prefix }, ...unsigned })
    expect((await list('open/')).text).toContain('<Key>open/a</Key>')
    expect((await list('')).code).toBe('AccessDenied')
  })

  it('denies over every permission: of the account, of a token, of an ACL', async () => {
    const { client, store } = await startTestStore()
    const acl = { 'x-cos-acl': 'public-read' }
    await client.call({ method: 'PUT', path: `${path}/a`, body: 'x', headers: acl })
    const token = await temporaryCredentials(store.url, credentials, {
      effect: 'allow',
      action: ['name/cos:*'],
      resource: ['*'],
    })
    const everyone = [{}, { credentials: token }, unsigned]
    const seen = async (method: string): Promise<readonly number[]> =>
      Promise.all(
        everyone.map(async (who) => (await client.call({ method, path: `${path}/a`, ...who })).status),
      )
    expect(await seen('GET')).toEqual([200, 200, 200])
    await put(client, policyOf({ effect: 'deny' }, { effect: 'allow' }))
    expect(await seen('GET')).toEqual([403, 403, 403])
    expect(await seen('HEAD')).toEqual([200, 200, 200])
    const source = { 'x-cos-copy-source': `${bucket}.cos.ap-guangzhou.myqcloud.com/a` }
    const copy = await client.call({ method: 'PUT', path: `${path}/copy`, headers: source })
    expect([copy.status, copy.code]).toEqual([403, 'AccessDenied'])
  })

  it('can deny a key of a multi-delete', async () => {
    const { client } = await startTestStore()
    await givenObjects(client, 'a', 'kept')
    await put(client, policyOf({ effect: 'deny', action: 'name/cos:DeleteObject', key: 'kept' }))
    const body = '<Delete><Object><Key>a</Key></Object><Object><Key>kept</Key></Object></Delete>'
    const reply = await client.call({ method: 'POST', path, query: { delete: '' }, body })
    expect(reply.text).toMatch(/<Deleted><Key>a<.*<Error><Key>kept<\/Key><Code>AccessDenied</)
    expect((await client.call({ method: 'GET', path: `${path}/kept` })).text).toBe('kept')
  })

  it('never shuts the account out from the policy itself, and never lets anyone at it', async () => {
    const { client } = await startTestStore()
    await put(client, policyOf({ effect: 'deny', action: '*' }))
    expect((await client.call({ method: 'HEAD', path })).status).toBe(403)
    expect((await client.call({ method: 'GET', path, query })).status).toBe(200)
    expect((await put(client, policyOf({ action: '*' }))).status).toBe(204)
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? policyOf({}) : ''
      expect((await client.call({ method, path, query, body, ...unsigned })).code).toBe('AccessDenied')
    }
    expect((await client.call({ method: 'DELETE', path, ...unsigned })).code).toBe('AccessDenied')
    expect((await client.call({ method: 'DELETE', path, query })).status).toBe(204)
  })

  it('does not widen what a token may do', async () => {
    const { client, store } = await startTestStore()
    await givenObjects(client, 'a')
    await put(client, policyOf({ principal: owner }))
    const token = await temporaryCredentials(store.url, credentials, {
      effect: 'allow',
      action: ['name/cos:HeadObject'],
      resource: ['*'],
    })
    const get = await client.call({ method: 'GET', path: `${path}/a`, credentials: token })
    expect(get.code).toBe('AccessDenied')
    // The policy for the owner does not apply to anonymous requests.
    expect((await client.call({ method: 'GET', path: `${path}/a`, ...unsigned })).code).toBe('AccessDenied')
  })

  it('asks its conditions of the request', async () => {
    const { client } = await startTestStore()
    await givenObjects(client, 'a')
    const get = async (headers: Record<string, string> = {}) =>
      (await client.call({ method: 'GET', path: `${path}/a`, headers, ...unsigned })).status
    await put(client, policyOf({ condition: { ip_equal: { 'qcs:ip': ['127.0.0.0/8', '::1'] } } }))
    expect(await get()).toBe(200)
    await put(client, policyOf({ condition: { ip_equal: { 'qcs:ip': '10.0.0.0/8' } } }))
    expect(await get()).toBe(403)
    const referer = { string_like: { 'cos:referer': 'http://good.example/*' } }
    await put(client, policyOf({ condition: referer }))
    expect([await get(), await get({ referer: 'http://good.example/x' })]).toEqual([403, 200])
    expect(await get({ referer: 'http://evil.example/' })).toBe(403)
  })
})

describe('principals', () => {
  const request = {
    operation: 'GetObject',
    region: 'ap-guangzhou',
    bucket,
    key: 'a',
    conditionValue: () => undefined,
  }
  it.each([
    [anyone, 'allow', 'allow'],
    ['*', 'allow', 'allow'],
    [owner, 'none', 'allow'],
    ['qcs::cam::uin/1250000000:uin/*', 'none', 'allow'],
    ['qcs::cam::uin/1250000000:uin/7', 'none', 'none'],
    ['qcs::cam::uin/7:uin/7', 'none', 'none'],
  ])('%s: anyone %s, the account %s', (principal, ofAnyone, ofAccount) => {
    const policy = parseBucketPolicy(policyOf({ principal }))
    expect([verdictOf(policy, 'anyone', request), verdictOf(policy, 'account', request)]).toEqual([
      ofAnyone,
      ofAccount,
    ])
  })

  it('may stand once for all statements, and names in lower case, as Tencent’s SDKs write them', () => {
    const statement = [{ effect: 'allow', action: 'name/cos:*', resource: '*' }]
    const policy = parseBucketPolicy(
      JSON.stringify({ version: '2.0', principal: { qcs: anyone }, statement }),
    )
    expect(verdictOf(policy, 'anyone', request)).toBe('allow')
  })
})

const sound = JSON.parse(policyOf({})) as { readonly Statement: readonly [Record<string, unknown>] }
const changed = (change: Record<string, unknown>): string =>
  JSON.stringify({ version: '2.0', Statement: [{ ...sound.Statement[0], ...change }] })

it.each([
  ['', 'is not JSON'],
  ['{', 'is not JSON'],
  ['[]', 'not an object'],
  ['{}', 'version'],
  [policyOf({}).replace('"2.0"', '"3.0"'), 'version'],
  [JSON.stringify({ version: '2.0', Statement: [] }), 'no statement'],
  [JSON.stringify({ version: '2.0', Statement: 'x' }), 'not an object'],
  [changed({ Extra: 1 }), 'extra'],
  [changed({ NotAction: 'x' }), 'notaction'],
  [changed({ effect: 'deny' }), 'twice'],
  [changed({ Effect: 'perhaps' }), 'effect'],
  [changed({ Principal: undefined }), 'no principal'],
  [changed({ Principal: { qcs: [] } }), 'principal'],
  [changed({ Principal: { qcs: ['me'] } }), 'principal'],
  [changed({ Principal: { service: ['x'] } }), 'only have qcs'],
  [changed({ Action: 'name/cvm:Run' }), 'action'],
  [changed({ Action: 7 }), 'action'],
  [changed({ Resource: 'everything' }), 'resource'],
  [changed({ Condition: { when_it_rains: { 'qcs:ip': '1' } } }), 'when_it_rains'],
])('the policy %s is refused: %s', async (body, why) => {
  const { client } = await startTestStore()
  await put(client, policyOf({}))
  const reply = await put(client, body)
  expect([reply.status, reply.code, reply.text.includes(why)]).toEqual([400, 'MalformedPolicy', true])
  expect((await client.call({ method: 'GET', path, query })).text).toBe(policyOf({}))
})

it('a policy that is too large, or for a bucket that is not there, is refused', async () => {
  const { client } = await startTestStore()
  expect((await put(client, policyOf({ key: 'x'.repeat(20_480) }))).code).toBe('XMLSizeLimit')
  const none = await client.call({ method: 'PUT', path: '/none-1250000000', query, body: policyOf({}) })
  expect(none.code).toBe('NoSuchBucket')
})
