import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LocalCos } from '../index.js'
import { childText, parseXml } from '../xml.js'
import { testBytes } from '../testing/client.js'
import { formData, signedFields, type FormWishes } from '../testing/form.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'

const md5 = (data: string | Uint8Array): Buffer => createHash('md5').update(data).digest()

/** Sends `FormData` with `fetch`, as a browser does; returns the status and any error code. */
async function send(
  { baseUrl }: Pick<LocalCos, 'baseUrl'>,
  wishes: Partial<FormWishes> & Pick<FormWishes, 'fields'>,
  content: Uint8Array | string = 'content',
): Promise<readonly [status: number, code: string, message: string]> {
  const fields = signedFields({ credentials, ...wishes })
  const response = await fetch(baseUrl, { method: 'POST', body: formData(fields, content) })
  const text = await response.text()
  if (text === '') return [response.status, '', '']
  const error = parseXml(text)
  return [response.status, childText(error, 'Code') ?? '', childText(error, 'Message') ?? '']
}

describe('a form upload', () => {
  it.each([0, 1, 200_000, 3_000_000])('stores %i bytes as a PUT does', async (size) => {
    const { store, client } = await startTestStore()
    const body = testBytes(size)
    const headers = {
      'content-type': 'image/jpeg',
      'content-disposition': "attachment; filename*=UTF-8''%E4%B8%AD.txt",
      'cache-control': 'max-age=60',
      'content-encoding': 'identity',
      expires: 'Thu, 01 Dec 2033 16:00:00 GMT',
      'x-cos-meta-owner': 'someone',
      'x-cos-storage-class': 'STANDARD_IA',
    }
    const fields = { key: 'photos/a b+中#?.jpg', 'content-md5': md5(body).toString('base64'), ...headers }
    const response = await fetch(store.baseUrl, {
      method: 'POST',
      body: formData(signedFields({ fields, credentials }), body),
      headers: { origin: 'http://page.example' },
    })
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(response.headers.get('etag')).toBe(`"${md5(body).toString('hex')}"`)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('location')).toBe(`${store.baseUrl}/photos/a%20b%2B%E4%B8%AD%23%3F.jpg`)

    await client.call({ method: 'PUT', path: `/${bucket}/put`, body, headers })
    const put = await client.call({ method: 'GET', path: `/${bucket}/put` })
    const posted = await client.call({ method: 'GET', path: `/${bucket}/${fields.key}` })
    expect(posted.body.equals(body)).toBe(true)
    const varying = { date: '', 'last-modified': '', 'x-cos-request-id': '' }
    expect({ ...posted.headers, ...varying }).toEqual({ ...put.headers, ...varying })
    expect(response.headers.get('x-cos-hash-crc64ecma')).toBe(put.headers['x-cos-hash-crc64ecma'])
    expect(store.journal.find(({ operation }) => operation === 'PostObject')).toMatchObject({
      key: fields.key,
      status: 204,
      acknowledged: true,
    })
  })

  it.each(['200', '201', '204'])('answers with %s when asked to', async (status) => {
    const { store } = await startTestStore()
    const fields = signedFields({ fields: { key: 'a&b', success_action_status: status }, credentials })
    const response = await fetch(`${store.baseUrl}/`, { method: 'POST', body: formData(fields, 'x') })
    const text = await response.text()
    expect(response.status).toBe(Number(status))
    if (status !== '201') {
      expect(text).toBe('')
      return
    }
    const xml = parseXml(text)
    expect(xml.name).toBe('PostResponse')
    expect(Object.fromEntries(xml.children.map((child) => [child.name, child.text]))).toEqual({
      Location: `${store.baseUrl}/a%26b`,
      Bucket: bucket,
      Key: 'a&b',
      ETag: `"${md5('x').toString('hex')}"`,
    })
  })

  it('puts the name of the file into the key', async () => {
    const { store, client } = await startTestStore()
    const fields = signedFields({
      fields: { key: 'in/${filename}' },
      conditions: [['starts-with', '$key', 'in/']],
      credentials,
    })
    const form = formData(fields, 'x', '照片 $&.jpg')
    expect((await fetch(store.baseUrl, { method: 'POST', body: form })).status).toBe(204)
    expect((await client.call({ method: 'GET', path: `/${bucket}/in/照片 $&.jpg` })).text).toBe('x')
  })

  it('stores text of a page byte by byte, as a header would', async () => {
    const { store, client } = await startTestStore()
    expect(await send(store, { fields: { key: 'a', 'x-cos-meta-title': '中' } })).toEqual([204, '', ''])
    const { headers } = await client.call({ method: 'HEAD', path: `/${bucket}/a` })
    expect(Buffer.from(String(headers['x-cos-meta-title']), 'latin1').toString()).toBe('中')
  })

  it('overwrites, but not when that is forbidden', async () => {
    const { store, client } = await startTestStore()
    const careful = { key: 'a', 'x-cos-forbid-overwrite': 'true' }
    expect((await send(store, { fields: { key: 'a' } }, 'first'))[0]).toBe(204)
    expect((await send(store, { fields: { key: 'a' } }, 'second'))[0]).toBe(204)
    expect((await send(store, { fields: careful }, 'third')).slice(0, 2)).toEqual([409, 'FileAlreadyExists'])
    expect((await client.call({ method: 'GET', path: `/${bucket}/a` })).text).toBe('second')
  })

  it.each<[string, Partial<FormWishes>, number, string]>([
    ['another MD5', { fields: { key: 'a', 'content-md5': md5('y').toString('base64') } }, 400, 'BadDigest'],
    ['no MD5', { fields: { key: 'a', 'content-md5': 'abc' } }, 400, 'InvalidDigest'],
    ['a large file', { conditions: [['content-length-range', 0, 6]] }, 400, 'EntityTooLarge'],
    ['a small file', { conditions: [['content-length-range', 8, 99]] }, 400, 'EntityTooSmall'],
    ['another key', { conditions: [{ key: 'b' }] }, 403, 'AccessDenied'],
    ['no key', { fields: { acl: 'default' } }, 403, 'AccessDenied'],
    ['a long key', { fields: { key: 'a'.repeat(851) } }, 400, 'KeyTooLong'],
    ['a key of slashes and dots', { fields: { key: './/' } }, 400, 'InvalidURI'],
    ['an old policy', { expiration: '2020-01-01T00:00:00Z' }, 403, 'AccessDenied'],
    ['an old key time', { keyTime: '1500000000;1500000900' }, 403, 'AccessDenied'],
    ['a key time to come', { keyTime: '9500000000;9500000900' }, 403, 'RequestTimeTooSkewed'],
    ['a forged key', { credentials: { ...credentials, secretKey: 'x' } }, 403, 'SignatureDoesNotMatch'],
    ['an unknown key', { credentials: { ...credentials, secretId: 'x' } }, 403, 'InvalidAccessKeyId'],
    ['no such field', { conditions: [['starts-with', '$x-cos-meta-a', '']] }, 403, 'AccessDenied'],
    ['an unsigned field', { fields: { key: 'a', 'x-cos-meta-a': '' }, conditions: [] }, 403, 'AccessDenied'],
    ['a broken header', { fields: { key: 'a', 'content-type': 'a\r\nb: c' } }, 400, 'InvalidArgument'],
    ['another status', { fields: { key: 'a', success_action_status: '302' } }, 400, 'InvalidArgument'],
    ['a redirect', { fields: { key: 'a', success_action_redirect: 'http://b' } }, 501, 'NotImplemented'],
    ['an ACL', { fields: { key: 'a', acl: 'public-read' } }, 501, 'NotImplemented'],
    ['a copy', { fields: { key: 'a', 'x-cos-copy-source': 'b/c' } }, 501, 'NotImplemented'],
  ])('is refused with %s, and nothing is stored', async (_, wishes, status, code) => {
    const { store, client, directory } = await startTestStore()
    const [actual, actualCode] = await send(store, { fields: { key: 'a' }, ...wishes })
    expect([actual, actualCode]).toEqual([status, code])
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/a` })).status).toBe(404)
    expect(await readdir(join(directory, 'temporary'))).toEqual([])
  })

  it('is refused before a large file has been received, and the answer can be read', async () => {
    const { store } = await startTestStore()
    const wishes = { fields: { key: 'a' }, conditions: [['content-length-range', 0, 1000]] }
    expect((await send(store, wishes, testBytes(8_000_000)))[1]).toBe('EntityTooLarge')
    expect(
      (await send(store, { fields: { key: 'a' }, conditions: [{ key: 'b' }] }, testBytes(8_000_000)))[1],
    ).toBe('AccessDenied')
  })

  it('counts against the quota', async () => {
    const { store, client } = await startTestStore({ maxBytes: 300_000 })
    expect((await send(store, { fields: { key: 'a' } }, testBytes(200_000)))[0]).toBe(204)
    expect((await send(store, { fields: { key: 'b' } }, testBytes(200_000)))[1]).toBe('InsufficientStorage')
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/b` })).status).toBe(404)
    expect((await send(store, { fields: { key: 'c' } }, testBytes(100_000)))[0]).toBe(204)
  })

  it('may be sent with a temporary credential, for what its policy allows', async () => {
    const { store, client } = await startTestStore()
    const allow = {
      effect: 'allow',
      action: 'name/cos:PostObject',
      resource: [`qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/mine/*`],
      condition: { string_equal: { 'cos:content-type': 'image/png' } },
    }
    const temporary = await temporaryCredentials(store.url, credentials, allow)
    const put = await temporaryCredentials(store.url, credentials, { ...allow, action: 'name/cos:PutObject' })
    const type = { 'content-type': 'image/png' }
    const attempt = async (key: string, fields: object, with_ = temporary): Promise<string> =>
      (await send(store, { fields: { key, ...fields }, credentials: with_ }))[1]
    expect(await attempt('mine/a', type)).toBe('')
    expect(await attempt('other/a', type)).toBe('AccessDenied')
    expect(await attempt('mine/b', { 'content-type': 'text/html' })).toBe('AccessDenied')
    expect(await attempt('mine/b', {})).toBe('AccessDenied')
    expect(await attempt('mine/b', type, put)).toBe('AccessDenied')
    const { secretId, secretKey } = temporary
    expect(await attempt('mine/b', type, { secretId, secretKey })).toBe('InvalidAccessKeyId')
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/mine/a` })).status).toBe(200)
    expect((await client.call({ method: 'HEAD', path: `/${bucket}/mine/b` })).status).toBe(404)
  })

  it('ends with its token', async () => {
    let now = Date.now()
    const { store } = await startTestStore({ now: () => now })
    const allow = { effect: 'allow', action: '*', resource: '*' }
    const temporary = await temporaryCredentials(store.url, credentials, allow)
    now += 3_600_000
    const keyTime = `${Math.floor(now / 1000) - 1};${Math.floor(now / 1000) + 900}`
    expect(
      (await send(store, { fields: { key: 'a' }, credentials: temporary, keyTime })).slice(0, 2),
    ).toEqual([400, 'ExpiredToken'])
  })
})
