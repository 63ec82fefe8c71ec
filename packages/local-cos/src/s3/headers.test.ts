import { describe, expect, it } from 'vitest'
import { bucket, startTestStore } from '../testing/store.js'
import { callS3, signS3, type S3Call } from '../testing/s3.js'
import { sendRaw } from '../testing/raw.js'

const path = `/${bucket}/a`
const put: S3Call = { method: 'PUT', path, body: 'content' }

describe('headers of S3', () => {
  it.each([
    ['x-amz-object-lock-mode', 'GOVERNANCE'],
    ['x-amz-website-redirect-location', '/b'],
    ['x-amz-grant-read', 'id="1"'],
    ['x-amz-server-side-encryption', 'aws:kms'],
    ['x-amz-server-side-encryption-customer-algorithm', 'AES256'],
    ['x-amz-expected-bucket-owner', '1'],
    ['x-amz-write-offset-bytes', '0'],
    ['x-amz-checksum-md5', 'x'],
    ['x-amz-tagging-directive', 'COPY'],
    ['x-amz-something-new', '1'],
    ['x-cos-forbid-overwrite', 'true'],
    ['x-ci-process', '1'],
    ['if-match', '"x"'],
    ['if-none-match', '"x"'],
  ])('that are not carried out are refused, and nothing is stored: %s: %s', async (name, value) => {
    const { client } = await startTestStore()
    const reply = await callS3(client, { ...put, headers: { [name]: value } })
    expect([reply.status, reply.code]).toEqual([501, 'NotImplemented'])
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
  })

  it('are refused beside a signature of COS', async () => {
    const { client } = await startTestStore()
    const reply = await client.call({ ...put, headers: { 'x-amz-acl': 'public-read' } })
    expect([reply.status, reply.code]).toEqual([501, 'NotImplemented'])
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
  })

  it('must not be there twice', async () => {
    const { store } = await startTestStore()
    const { headers = {} } = signS3(put).call
    const lines = Object.entries({ ...headers, 'x-amz-acl': 'private' }).map((pair) => pair.join(': '))
    const head = `PUT ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nX-Amz-Acl: public-read\r\nConnection: close\r\n\r\n`
    expect((await sendRaw(store.port, Buffer.from(head))).status).toBe(400)
  })

  it('mean what those of COS mean', async () => {
    const { client } = await startTestStore()
    const headers = {
      'x-amz-acl': 'public-read',
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-server-side-encryption': 'AES256',
      'x-amz-tagging': 'a=1&b=2',
      'x-amz-meta-colour': 'blue',
    }
    const stored = await callS3(client, { ...put, headers })
    expect(stored.headers['x-amz-server-side-encryption']).toBe('AES256')
    const read = await client.call({ method: 'GET', path, credentials: false })
    expect(read.headers).toMatchObject({
      'x-cos-storage-class': 'STANDARD_IA',
      'x-cos-server-side-encryption': 'AES256',
      'x-cos-tagging-count': '2',
      'x-cos-meta-colour': 'blue',
    })
    const head = await callS3(client, { method: 'HEAD', path })
    expect(head.headers).toMatchObject({ 'x-amz-tagging-count': '2', 'x-amz-meta-colour': 'blue' })
  })

  it('copy, with the source as S3 names it', async () => {
    const { client } = await startTestStore()
    const source = `/${bucket}/a b+c/中`
    await callS3(client, { ...put, path: source, headers: { 'x-amz-meta-colour': 'blue' } })
    const copySource = `${bucket}/a+b%2Bc/${encodeURIComponent('中')}`
    for (const [index, text] of [copySource, `/${copySource}`].entries()) {
      const call = { method: 'PUT', path: `${path}${index}`, headers: { 'x-amz-copy-source': text } }
      expect((await callS3(client, call)).text).toContain('<CopyObjectResult>')
      const read = await callS3(client, { method: 'GET', path: call.path })
      expect([read.text, read.headers['x-amz-meta-colour']]).toEqual(['content', 'blue'])
    }
    const replaced = {
      'x-amz-copy-source': copySource,
      'x-amz-metadata-directive': 'REPLACE',
      'x-amz-meta-colour': 'red',
    }
    await callS3(client, { method: 'PUT', path: source, headers: replaced })
    expect((await callS3(client, { method: 'HEAD', path: source })).headers['x-amz-meta-colour']).toBe('red')
    for (const text of ['a', 'b/c', `${bucket}/a?versionId=1`, 'arn:aws:s3:::x/y']) {
      const refused = await callS3(client, { method: 'PUT', path, headers: { 'x-amz-copy-source': text } })
      expect(refused.status).toBeGreaterThanOrEqual(400)
    }
  })

  it('keep an object that is there, with If-None-Match: *', async () => {
    const { client } = await startTestStore()
    const headers = { 'if-none-match': '*' }
    expect((await callS3(client, { ...put, headers })).status).toBe(200)
    const again = await callS3(client, { ...put, body: 'other', headers })
    expect([again.status, again.code]).toEqual([412, 'PreconditionFailed'])
    expect((await client.call({ method: 'GET', path })).text).toBe('content')
  })

  it('do not make an unsigned request anything else: what is open to all is, and nothing else', async () => {
    const { client } = await startTestStore()
    await callS3(client, { ...put, headers: { 'x-amz-acl': 'public-read' } })
    const headers = { 'x-amz-checksum-mode': 'ENABLED' }
    const unsigned = { path, headers, credentials: false } as const
    expect((await client.call({ ...unsigned, method: 'GET' })).text).toBe('content')
    expect((await client.call({ ...unsigned, method: 'PUT', body: 'x' })).code).toBe('AccessDenied')
  })
})
