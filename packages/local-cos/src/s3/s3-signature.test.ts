import { describe, expect, it } from 'vitest'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { callS3, signS3, type S3Call } from '../testing/s3.js'
import { authorization, type Call, type Reply } from '../testing/client.js'
import { temporaryCredentials } from '../testing/sts.js'
import { childText } from '../xml.js'

const path = `/${bucket}/a`
const put: S3Call = { method: 'PUT', path, body: 'content' }
const get: S3Call = { method: 'GET', path }
const minute = 60_000

async function replyTo(call: S3Call): Promise<Reply> {
  const { client } = await startTestStore()
  await client.call({ method: 'PUT', path, body: 'before' })
  const reply = await callS3(client, call)
  const kept = await client.call({ method: 'GET', path })
  if (reply.status >= 400) expect(kept.text).toBe('before')
  return reply
}

describe('a signature of S3 in the header', () => {
  it('stores and reads, for any region, and is answered as S3 does', async () => {
    const { client } = await startTestStore()
    const headers = { 'x-amz-meta-colour': 'blue  green ', 'content-type': 'text/plain' }
    const stored = await callS3(client, { ...put, headers, region: 'us-east-1' })
    expect([stored.status, stored.headers.etag]).toEqual([200, '"9a0364b9e99bb480dd25e1f0284c8555"'])
    expect(stored.headers['x-amz-request-id']).toMatch(/./)
    const read = await callS3(client, get)
    expect(read.text).toBe('content')
    expect(read.headers).toMatchObject({ 'x-amz-meta-colour': 'blue  green', 'content-type': 'text/plain' })
    expect(read.headers).not.toHaveProperty('x-cos-meta-colour')
  })

  it.each(["a b+c(1)!*'~", '中文/é', '%2F?&=#', '$file'])('covers the key %j as it is', async (key) => {
    const { client } = await startTestStore()
    const call = { ...put, path: `/${bucket}/${key}`, query: { 'x-id': 'PutObject' } }
    expect((await callS3(client, call)).status).toBe(200)
    expect((await client.call({ method: 'GET', path: call.path })).text).toBe('content')
  })

  it('may address the bucket by the host', async () => {
    const { client } = await startTestStore()
    const host = `${bucket}.cos.ap-guangzhou.localhost`
    expect((await callS3(client, { ...put, path: '/a', host })).status).toBe(200)
    expect((await client.call(get)).text).toBe('content')
  })

  it.each<[string, S3Call, number, string]>([
    [
      'another secret',
      { ...put, credentials: { ...credentials, secretKey: 'x' } },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'an unknown key',
      { ...put, credentials: { secretId: 'AKIDx', secretKey: 'x' } },
      403,
      'InvalidAccessKeyId',
    ],
    ['a clock behind', { ...put, at: Date.now() - 16 * minute }, 403, 'RequestTimeTooSkewed'],
    ['a clock ahead', { ...put, at: Date.now() + 16 * minute }, 403, 'RequestTimeTooSkewed'],
    ['another service', { ...put, service: 'sts' }, 400, 'AuthorizationHeaderMalformed'],
    ['the host not signed', { ...put, unsigned: ['host'] }, 400, 'AuthorizationHeaderMalformed'],
    [
      'a header x-amz- not signed',
      { ...put, headers: { 'x-amz-meta-a': '1' }, unsigned: ['x-amz-meta-a'] },
      403,
      'AccessDenied',
    ],
    ['another method', { ...put, tamper: (call) => ({ ...call, method: 'POST' }) }, 405, 'MethodNotAllowed'],
    [
      'another key',
      { ...put, tamper: (call) => ({ ...call, path: `${path}b` }) },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'a parameter more',
      { ...put, tamper: (call) => ({ ...call, query: { tagging: '' } }) },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'another host',
      { ...put, tamper: (call) => ({ ...call, headers: { ...call.headers, host: 'other.test' } }) },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'a tampered body',
      { ...put, tamper: (call) => ({ ...call, body: 'contenu' }) },
      400,
      'XAmzContentSHA256Mismatch',
    ],
    ['a hash in no known words', { ...put, payload: 'UNSIGNED' }, 400, 'InvalidArgument'],
    [
      'Content-MD5 of another body',
      { ...put, headers: { 'content-md5': 'mQ/fVh815F3k6TAUm8m0eg==' } },
      400,
      'BadDigest',
    ],
    [
      'a checksum of another body',
      { ...put, headers: { 'x-amz-checksum-crc32': 'AAAAAA==' } },
      400,
      'BadDigest',
    ],
    ['no x-amz-date', { ...put, tamper: (call) => without(call, 'x-amz-date') }, 403, 'AccessDenied'],
    ['no hash', { ...put, tamper: (call) => without(call, 'x-amz-content-sha256') }, 400, 'InvalidRequest'],
  ])('is refused with %s, and nothing is stored', async (_, call, status, code) => {
    const reply = await replyTo(call)
    expect([reply.status, reply.code]).toEqual([status, code])
    expect(reply.headers['x-amz-request-id']).toMatch(/./)
  })

  it('says what was expected to be signed', async () => {
    const { xml } = await replyTo({ ...put, credentials: { ...credentials, secretKey: 'x' } })
    expect(childText(xml, 'StringToSign')).toMatch(/^AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n/)
    expect(childText(xml, 'CanonicalRequest')).toContain(`PUT\n${path}\n`)
  })

  it.each(['AWS AKIDtest:c2ln', 'AWS4-ECDSA-P256-SHA256 Credential=x', 'AWS4-HMAC-SHA256 Credential=x'])(
    'is refused in words that are not known: %s',
    async (text) => {
      const { client } = await startTestStore()
      const reply = await client.call({ ...get, credentials: false, headers: { authorization: text } })
      expect(reply.status).toBe(400)
    },
  )

  it('does not go with one of COS, nor with a presigned URL', async () => {
    const { client, store } = await startTestStore()
    const { call } = signS3(get)
    const presigned = signS3({ ...get, expires: 60 }).call
    const cos = authorization({ method: 'GET', path }, { host: `127.0.0.1:${store.port}` }, credentials)
    const fields = Object.fromEntries(new URLSearchParams(cos))
    const both: readonly Call[] = [
      { ...call, query: fields },
      { ...call, query: { sign: cos } },
      { ...call, query: presigned.query ?? {} },
      { ...call, headers: { ...call.headers, 'x-cos-security-token': 'x' } },
      { ...presigned, headers: { ...presigned.headers, authorization: cos } },
      { ...presigned, query: { ...presigned.query, ...fields } },
    ]
    for (const request of both) expect((await client.call(request)).code).toBe('InvalidArgument')
  })
})

function without(call: Call, name: string): Call {
  return {
    ...call,
    headers: Object.fromEntries(Object.entries(call.headers ?? {}).filter(([key]) => key !== name)),
  }
}

describe('a presigned URL of S3', () => {
  it('reads and writes, and may carry headers in its query', async () => {
    const { client } = await startTestStore()
    const query = { 'x-amz-meta-colour': 'blue', 'x-amz-storage-class': 'STANDARD_IA' }
    expect((await callS3(client, { ...put, query, expires: 604_800 })).status).toBe(200)
    const read = await callS3(client, { ...get, expires: 60, query: { 'response-content-type': 'a/b' } })
    expect(read.text).toBe('content')
    expect(read.headers).toMatchObject({
      'x-amz-meta-colour': 'blue',
      'x-amz-storage-class': 'STANDARD_IA',
      'content-type': 'a/b',
    })
  })

  it.each<[string, S3Call, number, string]>([
    ['has expired', { ...put, expires: 60, at: Date.now() - 2 * minute }, 403, 'AccessDenied'],
    ['is not valid yet', { ...put, expires: 60, at: Date.now() + 16 * minute }, 403, 'AccessDenied'],
    ['is for more than seven days', { ...put, expires: 604_801 }, 400, 'AuthorizationQueryParametersError'],
    ['is for no time', { ...put, expires: 0 }, 400, 'AuthorizationQueryParametersError'],
    ['is for no number', { ...put, expires: '1e3' }, 400, 'AuthorizationQueryParametersError'],
    [
      'does not sign the host',
      { ...put, expires: 60, unsigned: ['host'] },
      400,
      'AuthorizationQueryParametersError',
    ],
    [
      'comes with a header that is not signed',
      { ...put, expires: 60, headers: { 'x-amz-acl': 'public-read' }, unsigned: ['x-amz-acl'] },
      403,
      'AccessDenied',
    ],
    [
      'has its time changed',
      {
        ...put,
        expires: 60,
        tamper: (call) => ({ ...call, query: { ...call.query, 'X-Amz-Expires': '61' } }),
      },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'has a header in the query added',
      {
        ...put,
        expires: 60,
        tamper: (call) => ({ ...call, query: { ...call.query, 'x-amz-acl': 'public-read' } }),
      },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'is made with another secret',
      { ...put, expires: 60, credentials: { ...credentials, secretKey: 'x' } },
      403,
      'SignatureDoesNotMatch',
    ],
  ])('is refused when it %s', async (_, call, status, code) => {
    const reply = await replyTo(call)
    expect([reply.status, reply.code]).toEqual([status, code])
  })

  it('says that it has expired as S3 does', async () => {
    const { xml } = await replyTo({ ...get, expires: 60, at: Date.now() - 2 * minute })
    expect(childText(xml, 'Message')).toBe('Request has expired')
  })
})

describe('a temporary credential in a signature of S3', () => {
  const statement = (action: readonly string[]): object => ({
    effect: 'allow',
    action: action.map((name) => `name/cos:${name}`),
    resource: `qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/a`,
  })

  it('may do what its policy says, in the header and presigned', async () => {
    const { client, store } = await startTestStore()
    const temporary = await temporaryCredentials(store.url, credentials, statement(['PutObject']))
    for (const expires of [{}, { expires: 60 }]) {
      expect((await callS3(client, { ...put, ...expires, credentials: temporary })).status).toBe(200)
      expect((await callS3(client, { ...get, ...expires, credentials: temporary })).code).toBe('AccessDenied')
      const other = { ...put, path: `${path}b`, ...expires, credentials: temporary }
      expect((await callS3(client, other)).code).toBe('AccessDenied')
    }
  })

  it('needs its token, signed, and expires', async () => {
    const { client, store } = await startTestStore()
    const temporary = await temporaryCredentials(store.url, credentials, statement(['PutObject']))
    const { secretId, secretKey } = temporary
    expect((await callS3(client, { ...put, credentials: { secretId, secretKey } })).code).toBe(
      'InvalidAccessKeyId',
    )
    const unsigned = { ...put, credentials: temporary, unsigned: ['x-amz-security-token'] }
    expect((await callS3(client, unsigned)).code).toBe('AccessDenied')
    store.faults?.set({ fault: { kind: 'clock-skew', seconds: 7200 } })
    const later = { ...put, credentials: temporary, at: Date.now() + 7_200_000 }
    expect((await callS3(client, later)).code).toBe('ExpiredToken')
  })

  it('is held to conditions in the words of COS', async () => {
    const { client, store } = await startTestStore()
    const temporary = await temporaryCredentials(store.url, credentials, {
      ...statement(['PutObject']),
      condition: {
        string_equal: { 'cos:x-cos-acl': 'private' },
        numeric_less_than_equal: { 'cos:content-length': 7 },
      },
    })
    const headers = { 'x-amz-acl': 'private' }
    expect((await callS3(client, { ...put, headers, credentials: temporary })).status).toBe(200)
    const longer = { ...put, body: 'content!', headers, credentials: temporary }
    expect((await callS3(client, longer)).code).toBe('AccessDenied')
    const open = { ...put, headers: { 'x-amz-acl': 'public-read' }, credentials: temporary }
    expect((await callS3(client, open)).code).toBe('AccessDenied')
  })
})
