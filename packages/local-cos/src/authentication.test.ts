import { describe, expect, it } from 'vitest'
import { childText } from './xml.js'
import { authorization, type Call, type Reply } from './testing/client.js'
import { bucket, credentials, startTestStore } from './testing/store.js'

const path = `/${bucket}/a`
const put: Call = { method: 'PUT', path, body: 'x' }

async function refusal(call: Call, now?: () => number): Promise<Reply> {
  const { client } = await startTestStore(now === undefined ? {} : { now })
  return client.call(call)
}

describe('a signature', () => {
  it('must be there', async () => {
    const { status, code } = await refusal({ ...put, credentials: false })
    expect([status, code]).toEqual([403, 'AccessDenied'])
  })

  it('must come from a known key', async () => {
    const { status, code } = await refusal({ ...put, credentials: { secretId: 'AKIDother', secretKey: 'x' } })
    expect([status, code]).toEqual([403, 'InvalidAccessKeyId'])
  })

  it('must be made with the secret; the refusal says what was expected to be signed', async () => {
    const { status, code, xml } = await refusal({ ...put, credentials: { ...credentials, secretKey: 'x' } })
    expect([status, code]).toEqual([403, 'SignatureDoesNotMatch'])
    expect(childText(xml, 'StringToSign')).toMatch(/^sha1\n\d+;\d+\n[0-9a-f]{40}$/)
    expect(childText(xml, 'FormatString')).toContain(`put\n${path}\n`)
  })

  it('must not have expired', async () => {
    const { status, xml, code } = await refusal({ ...put, keyTime: '1700000000;1700000900' })
    expect([status, code, childText(xml, 'Message')]).toEqual([403, 'AccessDenied', 'Request has expired'])
    expect(Date.parse(childText(xml, 'ServerTime') ?? '')).toBeGreaterThan(0)
  })

  it('must not lie in the future', async () => {
    const { status, code, xml, headers } = await refusal(put, () => Date.now() - 3_600_000)
    expect([status, code]).toEqual([403, 'RequestTimeTooSkewed'])
    const serverTime = Date.parse(childText(xml, 'ServerTime') ?? '')
    expect(Math.abs(serverTime - Date.parse(headers.date ?? ''))).toBeLessThan(2000)
  })

  it.each(['x', '1;', '5;4;3', '-1;2'])('must have a time window, not %j', async (keyTime) => {
    expect((await refusal({ ...put, keyTime })).code).toBe('AccessDenied')
  })

  it('covers the method, the path, the parameters, the headers and the host', async () => {
    const { client, store } = await startTestStore()
    const host = `127.0.0.1:${store.port}`
    const signed = authorization(
      { method: 'GET', path, query: { 'response-content-type': 'a/b' } },
      { host },
      credentials,
    )
    const send = async (call: Partial<Call>): Promise<string> => {
      const reply = await client.call({
        method: 'GET',
        path,
        query: { 'response-content-type': 'a/b' },
        credentials: false,
        ...call,
        headers: { authorization: signed, ...call.headers },
      })
      return reply.code
    }
    expect(await send({})).toBe('NoSuchKey')
    expect(await send({ method: 'DELETE' })).toBe('SignatureDoesNotMatch')
    expect(await send({ path: `${path}b` })).toBe('SignatureDoesNotMatch')
    expect(await send({ query: { 'response-content-type': 'a/c' } })).toBe('SignatureDoesNotMatch')
    expect(await send({ query: {} })).toBe('SignatureDoesNotMatch')
    expect(await send({ query: { 'response-content-type': 'a/b', uploadId: 'x' } })).toBe('AccessDenied')
    expect(await send({ headers: { 'x-cos-acl': 'public-read' } })).toBe('AccessDenied')
    expect(await send({ host: `localhost:${store.port}` })).toBe('SignatureDoesNotMatch')
  })

  it('may travel in the query', async () => {
    const { client, store } = await startTestStore()
    await client.call({ ...put, body: 'content' })
    const query = { 'response-content-disposition': 'attachment; filename="a.txt"' }
    const header = authorization(
      { method: 'GET', path, query },
      { host: `127.0.0.1:${store.port}` },
      credentials,
    )
    const fields = Object.fromEntries(new URLSearchParams(header.replaceAll('+', '%2B')))
    const presigned: Call = { method: 'GET', path, credentials: false, query: { ...query, ...fields } }
    const reply = await client.call(presigned)
    expect([reply.status, reply.text]).toEqual([200, 'content'])
    expect(reply.headers['content-disposition']).toBe('attachment; filename="a.txt"')
    expect((await client.call({ ...presigned, method: 'PUT', body: 'y' })).code).toBe('SignatureDoesNotMatch')
    const extended = { ...presigned, query: { ...presigned.query, acl: '' } }
    expect((await client.call(extended)).status).not.toBe(200)
  })

  it('lets a signed download be given other headers of its answer, and nothing else', async () => {
    const { client, store } = await startTestStore()
    await client.call({ ...put, body: 'content' })
    const host = `127.0.0.1:${store.port}`
    const fields = (method: string): Record<string, string> =>
      Object.fromEntries(new URLSearchParams(authorization({ method, path }, { host }, credentials)))
    const query = { ...fields('GET'), 'response-content-disposition': 'attachment; filename="b.txt"' }
    const reply = await client.call({ method: 'GET', path, credentials: false, query })
    expect([reply.status, reply.text]).toEqual([200, 'content'])
    expect(reply.headers['content-disposition']).toBe('attachment; filename="b.txt"')
    const limited = { ...fields('GET'), 'x-cos-traffic-limit': '819200' }
    expect((await client.call({ method: 'GET', path, credentials: false, query: limited })).code).toBe(
      'AccessDenied',
    )
    const written = { ...fields('PUT'), 'response-content-type': 'a/b' }
    const refused = await client.call({ ...put, credentials: false, query: written })
    expect(refused.code).toBe('AccessDenied')
  })

  it('may travel as the parameter sign', async () => {
    const { client, store } = await startTestStore()
    await client.call({ ...put, body: 'content' })
    const sign = authorization({ method: 'GET', path }, { host: `127.0.0.1:${store.port}` }, credentials)
    const signed: Call = { method: 'GET', path, credentials: false, query: { sign } }
    expect((await client.call(signed)).text).toBe('content')
    expect((await client.call({ ...signed, method: 'DELETE' })).code).toBe('SignatureDoesNotMatch')
  })

  it('may begin two seconds from now: clocks round', async () => {
    const start = 1_800_000_000
    const keyTime = `${start};${start + 900}`
    const at = async (seconds: number): Promise<number> =>
      (await refusal({ ...put, keyTime }, () => seconds * 1000)).status
    expect([await at(start - 2), await at(start - 3)]).toEqual([200, 403])
  })

  it('names a key exactly', async () => {
    for (const secretId of [`${credentials.secretId} `, ` ${credentials.secretId}`]) {
      const reply = await refusal({ ...put, credentials: { ...credentials, secretId } })
      expect([reply.status, reply.code]).toEqual([403, 'InvalidAccessKeyId'])
    }
  })

  it('has lists of names that can be read', async () => {
    const { client, store } = await startTestStore()
    const signed = authorization(put, { host: `127.0.0.1:${store.port}` }, credentials)
    for (const list of ['q-header-list', 'q-url-param-list']) {
      const broken = signed.replace(new RegExp(`${list}=[^&]*`), `${list}=%`)
      const reply = await client.call({ ...put, credentials: false, headers: { authorization: broken } })
      expect([list, reply.status]).toEqual([list, 403])
    }
  })

  it('pins a length and a digest when it names them', async () => {
    const { client, store } = await startTestStore()
    const headers = {
      host: `127.0.0.1:${store.port}`,
      'content-length': '3',
      'content-md5': 'kAFQmDzST7DWlj99KOF/cg==',
    }
    const header = authorization({ method: 'PUT', path }, headers, credentials)
    const send = async (body: string, md5 = headers['content-md5']): Promise<string> =>
      (
        await client.call({
          method: 'PUT',
          path,
          body,
          credentials: false,
          headers: { authorization: header, 'content-md5': md5 },
        })
      ).code
    expect(await send('abcd')).toBe('SignatureDoesNotMatch')
    expect(await send('abd')).toBe('BadDigest')
    expect(await send('abc', 'x')).toBe('SignatureDoesNotMatch')
    expect(await send('abc')).toBe('')
  })

  it('need not cover a header that says nothing, which empty metadata does not', async () => {
    const { client } = await startTestStore()
    const send = async (name: string, value: string): Promise<number> =>
      (await client.call({ ...put, headers: { [name]: value }, unsigned: [name] })).status
    expect([await send('x-cos-acl', ''), await send('x-cos-acl', 'private')]).toEqual([200, 403])
    expect(await send('x-cos-meta-a', '')).toBe(403)
  })

  it('is not needed in a broken form: every malformed one is a refusal, never a failure', async () => {
    const { client } = await startTestStore()
    for (const header of [
      '',
      'x',
      'q-signature=1',
      '&&&',
      'q-sign-algorithm=md5&q-signature=a',
      'Basic abc',
      '%',
    ]) {
      const reply = await client.call({ ...put, credentials: false, headers: { authorization: header } })
      expect([header, reply.status]).toEqual([header, 403])
    }
    expect(
      (await client.call({ ...put, credentials: false, headers: { 'x-cos-security-token': 'x' } })).status,
    ).toBe(403)
  })
})
