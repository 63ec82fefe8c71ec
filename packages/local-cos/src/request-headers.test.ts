import { describe, expect, it } from 'vitest'
import { formData, signedFields } from './testing/form.js'
import { sendRaw } from './testing/raw.js'
import { authorization } from './testing/client.js'
import { bucket, credentials, startTestStore } from './testing/store.js'

const path = `/${bucket}/a`

describe('headers that change what a request means', () => {
  it.each([
    ['x-cos-acl', 'authenticated-read'],
    ['x-cos-grant-write', 'id="1"'],
    ['x-cos-tagging-directive', 'Copy'],
    ['x-cos-callback', 'e30='],
    ['x-cos-return-body', 'e30='],
    ['x-cos-copy-source-if-match', '*'],
    ['x-cos-server-side-encryption', 'cos/kms'],
    ['x-cos-server-side-encryption-customer-algorithm', 'AES256'],
    ['x-cos-something-new', '1'],
    ['x-ci-process', '1'],
    ['pic-operations', '{}'],
  ])('are refused and nothing is stored: %s: %s', async (name, value) => {
    const { client } = await startTestStore()
    const headers = { [name]: value }
    const put = await client.call({ method: 'PUT', path, body: 'x', headers })
    expect([put.status, put.code]).toEqual([501, 'NotImplemented'])
    const initiated = await client.call({ method: 'POST', path, query: { uploads: '' }, headers })
    expect(initiated.code).toBe('NotImplemented')
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
    const uploads = await client.call({ method: 'GET', path: `/${bucket}`, query: { uploads: '' } })
    expect(uploads.text).not.toContain('<Upload>')
  })

  it('are conditions of a request that writes', async () => {
    const { client } = await startTestStore()
    const { headers } = await client.call({ method: 'PUT', path, body: 'x' })
    for (const condition of [
      { 'if-none-match': '*' },
      { 'if-match': '"other"' },
      { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
      { 'if-modified-since': 'Thu, 01 Jan 2099 00:00:00 GMT' },
    ]) {
      for (const method of ['PUT', 'DELETE']) {
        const reply = await client.call({ method, path, body: 'y', headers: { ...condition } })
        expect([reply.status, reply.code]).toEqual([501, 'NotImplemented'])
      }
    }
    const read = await client.call({ method: 'GET', path, headers: { 'if-match': headers.etag ?? '' } })
    expect(read.text).toBe('x')
  })

  it('have a value that can be understood', async () => {
    const { client } = await startTestStore()
    const put = async (headers: Readonly<Record<string, string>>) =>
      client.call({ method: 'PUT', path, body: 'x', headers })
    expect((await put({ 'x-cos-forbid-overwrite': 'yes' })).code).toBe('InvalidArgument')
    for (const limit of ['1e6', '0x100000', '819200.5', '-819200']) {
      expect((await put({ 'x-cos-traffic-limit': limit })).code).toBe('InvalidArgument')
    }
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
  })

  it('are not those that mean nothing', async () => {
    const { client } = await startTestStore()
    const headers = { 'x-cos-test': '1', 'x-cos-test2': '2', 'x-cos-sdk-retry': 'true' }
    expect((await client.call({ method: 'PUT', path, body: 'x', headers })).status).toBe(200)
    expect((await client.call({ method: 'PUT', path, headers: { 'x-cos-testing': '1' } })).status).toBe(501)
  })

  it.each(['acl', 'x-cos-acl'])('are refused as the field %s of a form too', async (name) => {
    const { client, store } = await startTestStore()
    const fields = signedFields({ fields: { key: 'a', [name]: 'public-read' }, credentials })
    const answer = await fetch(store.baseUrl, { method: 'POST', body: formData(fields, 'x') })
    expect(answer.status).toBe(501)
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
  })

  it('are taken where they say what is so anyway', async () => {
    const { client } = await startTestStore()
    for (const acl of ['private', 'default']) {
      const headers = { 'x-cos-acl': acl, 'x-cos-storage-class': 'standard_ia' }
      expect((await client.call({ method: 'PUT', path, body: 'x', headers })).status).toBe(200)
    }
    expect((await client.call({ method: 'HEAD', path })).headers['x-cos-storage-class']).toBe('STANDARD_IA')
    const listed = await client.call({ method: 'GET', path: `/${bucket}` })
    expect(listed.text).toContain('<StorageClass>STANDARD_IA</StorageClass>')
  })

  it('may ask for the encryption that the store would have anyway, and are answered', async () => {
    const { client } = await startTestStore()
    const headers = { 'x-cos-server-side-encryption': 'AES256' }
    expect((await client.call({ method: 'PUT', path, body: 'x', headers })).headers).toMatchObject(headers)
    for (const method of ['GET', 'HEAD']) {
      expect((await client.call({ method, path })).headers).toMatchObject(headers)
    }
  })
})

describe('headers that cannot be answered', () => {
  it.each([
    ['x-cos-storage-class', '\u00ff'],
    ['x-cos-storage-class', 'COLD'],
    ['x-cos-meta-large', 'm'.repeat(2045)],
  ])('are refused when they come: %s: %j', async (name, value) => {
    const { client } = await startTestStore()
    const reply = await client.call({
      method: 'PUT',
      path,
      body: Buffer.from('x'),
      headers: { [name]: value },
    })
    expect([reply.status, reply.code]).toEqual([400, 'InvalidArgument'])
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
  })

  it('are not those of 2 KB of metadata in all', async () => {
    const { client } = await startTestStore()
    const headers = { 'x-cos-meta-a': 'm'.repeat(1000), 'x-cos-meta-b': 'm'.repeat(1046) }
    expect((await client.call({ method: 'PUT', path, body: 'x', headers })).status).toBe(200)
    expect((await client.call({ method: 'HEAD', path })).headers).toMatchObject(headers)
  })
})

it('a call of the store itself has one Host, too', async () => {
  const { store } = await startTestStore({ page: true })
  const request = (path: string, headers: string): Buffer =>
    Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Connection: close\r\n\r\n`)
  const admin = `Authorization: Bearer ${store.adminToken ?? ''}\r\n`
  for (const [path, headers] of [
    ['/_local/buckets.json', ''],
    ['/_local/counters', admin],
  ] as const) {
    expect((await sendRaw(store.port, request(path, headers))).status).toBe(200)
    expect((await sendRaw(store.port, request(path, `${headers}Host: evil.example\r\n`))).status).toBe(400)
  }
})

it.each(['Host', 'Authorization', 'Content-MD5'])('a request has one header %s at most', async (name) => {
  const { client, store } = await startTestStore()
  const host = `127.0.0.1:${store.port}`
  const signed = authorization({ method: 'DELETE', path }, { host }, credentials)
  await client.call({ method: 'PUT', path, body: 'x' })
  const request = (more: string): Buffer =>
    Buffer.from(
      `DELETE ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${signed}\r\nContent-MD5: x\r\n` +
        `Connection: close\r\n${more}\r\n`,
    )
  expect((await sendRaw(store.port, request(`${name}: other\r\n`))).status).toBe(400)
  expect((await client.call({ method: 'HEAD', path })).status).toBe(200)
  expect((await sendRaw(store.port, request(''))).status).toBe(204)
})
