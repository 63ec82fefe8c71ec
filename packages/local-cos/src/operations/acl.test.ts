import { describe, expect, it } from 'vitest'
import type { Call, Reply, TestClient } from '../testing/client.js'
import { formData, signedFields } from '../testing/form.js'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'

const acl = { acl: '' }
const path = `/${bucket}/a`
const owner = 'qcs::cam::uin/1250000000:uin/1250000000'
const everyone = '<Grantee><URI>http://cam.qcloud.com/groups/global/AllUsers</URI></Grantee>'

function policy(grants: string, of = owner): string {
  return `<AccessControlPolicy><Owner><ID>${of}</ID></Owner><AccessControlList>${grants}</AccessControlList></AccessControlPolicy>`
}

/** Result of an unsigned call. */
async function anonymously(client: TestClient, call: Call): Promise<string> {
  const { status, code, text } = await client.call({ ...call, credentials: false })
  return code === '' ? `${status} ${text}`.trim() : code
}

async function put(client: TestClient, of: string, headers: Record<string, string>): Promise<Reply> {
  return client.call({ method: 'PUT', path: of, query: acl, headers })
}

describe('an object', () => {
  it('is private until it is made public, and again when it is made private', async () => {
    const { client, store, directory } = await startTestStore()
    await client.call({ method: 'PUT', path, body: 'content' })
    const read = { method: 'GET', path }
    expect(await anonymously(client, read)).toBe('AccessDenied')
    expect((await put(client, path, { 'x-cos-acl': 'public-read' })).status).toBe(200)
    expect(await anonymously(client, read)).toBe('200 content')
    expect(await anonymously(client, { method: 'HEAD', path })).toBe('200')
    for (const method of ['PUT', 'DELETE', 'POST']) {
      expect([method, await anonymously(client, { method, path })]).not.toEqual([method, '200'])
    }
    expect(await anonymously(client, { ...read, query: acl })).toBe('AccessDenied')
    expect(await anonymously(client, { method: 'PUT', path, query: acl })).toBe('AccessDenied')
    expect(await anonymously(client, { ...read, query: { tagging: '' } })).toBe('AccessDenied')
    await store.close()
    const again = (await startTestStore({ directory })).client
    expect(await anonymously(again, read)).toBe('200 content')
    await put(again, path, { 'x-cos-acl': 'private' })
    expect(await anonymously(again, read)).toBe('AccessDenied')
  })

  it('cannot be made to look other by someone without a key', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path, body: 'x', headers: { 'x-cos-acl': 'public-read' } })
    const query = { 'response-content-type': 'text/html' }
    expect(await anonymously(client, { method: 'GET', path, query })).toBe('AccessDenied')
    // A partial signature does not count as unsigned.
    const headers = { authorization: 'q-sign-algorithm=sha1' }
    expect(await anonymously(client, { method: 'GET', path, headers })).toBe('AccessDenied')
  })

  it('is as public as its bucket unless it says otherwise', async () => {
    const { client, store } = await startTestStore()
    await client.call({ method: 'PUT', path, body: 'a' })
    for (const value of ['private', 'default']) {
      await client.call({
        method: 'PUT',
        path: `/${bucket}/${value}`,
        body: value,
        headers: { 'x-cos-acl': value },
      })
    }
    const fields = signedFields({ fields: { key: 'form', acl: 'private' }, credentials })
    expect((await fetch(store.baseUrl, { method: 'POST', body: formData(fields, 'x') })).status).toBe(204)
    expect((await put(client, `/${bucket}`, { 'x-cos-acl': 'public-read' })).status).toBe(200)
    const read = async (key: string): Promise<string> =>
      anonymously(client, { method: 'GET', path: `/${bucket}/${key}` })
    expect(await read('a')).toBe('200 a')
    expect(await read('default')).toBe('200 default')
    expect(await read('private')).toBe('AccessDenied')
    expect(await read('form')).toBe('AccessDenied')
    expect(await read('missing')).toBe('NoSuchKey')
    expect(await anonymously(client, { method: 'GET', path: `/${bucket}` })).toContain('<Key>a</Key>')
    expect(await anonymously(client, { method: 'PUT', path, body: 'b' })).toBe('AccessDenied')
    await put(client, `/${bucket}`, { 'x-cos-acl': 'private' })
    expect(await read('a')).toBe('AccessDenied')
    expect(await read('missing')).toBe('AccessDenied')
  })

  it('has the ACL of its multipart upload or of its copy, not that of its source', async () => {
    const { client } = await startTestStore()
    const calls = new MultipartCalls(client, 'parts')
    const uploadId = await calls.initiate({ 'x-cos-acl': 'public-read' })
    const part = await calls.put(uploadId, 1, Buffer.from('parts'))
    await calls.complete(uploadId, [part.headers.etag ?? ''])
    expect(await anonymously(client, { method: 'GET', path: `/${bucket}/parts` })).toBe('200 parts')
    const source = { 'x-cos-copy-source': `${bucket}.cos.ap-guangzhou.myqcloud.com/parts` }
    await client.call({ method: 'PUT', path, headers: source })
    expect(await anonymously(client, { method: 'GET', path })).toBe('AccessDenied')
    await client.call({ method: 'PUT', path, headers: { ...source, 'x-cos-acl': 'public-read' } })
    expect(await anonymously(client, { method: 'GET', path })).toBe('200 parts')
    // The content of a joined object is still there after its ACL has changed.
    await put(client, `/${bucket}/parts`, { 'x-cos-acl': 'private' })
    expect((await client.call({ method: 'GET', path: `/${bucket}/parts` })).text).toBe('parts')
  })

  it('gives grants back as they were put, and only those to all open it', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path, body: 'x' })
    const body = policy(
      '<Grant><Grantee><ID>qcs::cam::uin/2:uin/2</ID></Grantee><Permission>READ</Permission></Grant>',
    )
    expect((await client.call({ method: 'PUT', path, query: acl, body })).status).toBe(200)
    const read = await client.call({ method: 'GET', path, query: acl })
    expect(read.text).toContain('<ID>qcs::cam::uin/2:uin/2</ID>')
    expect(read.text.match(/<Grant>/g)).toHaveLength(1)
    expect(read.headers).not.toHaveProperty('x-cos-acl')
    expect(await anonymously(client, { method: 'GET', path })).toBe('AccessDenied')
    const open = policy(`<Grant>${everyone}<Permission>READ</Permission></Grant>`)
    await client.call({ method: 'PUT', path, query: acl, body: open })
    expect(await anonymously(client, { method: 'GET', path })).toBe('200 x')
    await put(client, path, { 'x-cos-grant-read': 'id="3/4", id="qcs::cam::uin/5:uin/5"' })
    const byHeader = (await client.call({ method: 'GET', path, query: acl })).text
    expect(byHeader).toContain('<ID>qcs::cam::uin/3:uin/4</ID>')
    expect(byHeader).toContain('<ID>qcs::cam::uin/5:uin/5</ID>')
    expect(await anonymously(client, { method: 'GET', path })).toBe('AccessDenied')
  })

  it.each<[Partial<Call>, string]>([
    [{ headers: { 'x-cos-acl': 'public-read-write' } }, 'InvalidArgument'],
    [{ headers: { 'x-cos-acl': 'open' } }, 'InvalidArgument'],
    [{ headers: { 'x-cos-acl': 'bucket-owner-read' } }, 'NotImplemented'],
    [{ headers: { 'x-cos-grant-read': 'id=1' } }, 'InvalidArgument'],
    [{ headers: { 'x-cos-grant-read': 'id="everyone"' } }, 'InvalidArgument'],
    [{ headers: { 'x-cos-grant-write': 'id="1"' } }, 'NotImplemented'],
    [{ headers: { 'x-cos-grant-read': Array(101).fill('id="1"').join() } }, 'AttachmentFull'],
    [{}, 'InvalidRequest'],
    [{ headers: { 'x-cos-acl': 'private' }, body: policy('') }, 'InvalidRequest'],
    [{ body: policy('', 'qcs::cam::uin/2:uin/2') }, 'InvalidArgument'],
    [{ body: policy(`<Grant>${everyone}<Permission>WRITE</Permission></Grant>`) }, 'MalformedXML'],
    [{ body: policy(`<Grant>${everyone}<Permission>ALL</Permission></Grant>`) }, 'MalformedXML'],
    [{ body: policy(`<Grant>${everyone}</Grant>`) }, 'MalformedXML'],
    [{ body: policy(`<Grant><Permission>READ</Permission></Grant>`) }, 'MalformedXML'],
    [
      {
        body: policy('<Grant><Grantee><URI>http://x/</URI></Grantee><Permission>READ</Permission></Grant>'),
      },
      'MalformedXML',
    ],
    [{ body: policy('<Grant>').slice(0, -5) }, 'MalformedXML'],
    [{ body: '<AccessControlPolicy/>' }, 'MalformedXML'],
  ])('stays as it is when %j is put: %s', async (call, code) => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path, body: 'x', headers: { 'x-cos-acl': 'public-read' } })
    const reply = await client.call({ method: 'PUT', path, query: acl, ...call })
    expect(reply.code).toBe(code)
    expect((await client.call({ method: 'GET', path, query: acl })).headers['x-cos-acl']).toBe('public-read')
    expect(await anonymously(client, { method: 'GET', path })).toBe('200 x')
  })

  it('tells that its owner may do all where a preset says who else may', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path, body: 'x' })
    const grants = async (): Promise<readonly string[]> => {
      const { text } = await client.call({ method: 'GET', path, query: { acl: '' } })
      return [...text.matchAll(/<Permission>(\w+)</g)].map(([, permission]) => permission ?? '')
    }
    // The object has no grants of its own; the bucket's apply.
    expect(await grants()).toEqual([])
    const own = { 'x-cos-acl': 'private' }
    await client.call({ method: 'PUT', path, query: { acl: '' }, headers: own })
    expect(await grants()).toEqual(['FULL_CONTROL'])
    const headers = { 'x-cos-acl': 'private', 'x-cos-grant-read': 'id="10002"' }
    await client.call({ method: 'PUT', path, query: { acl: '' }, headers })
    expect(await grants()).toEqual(['READ'])
    await client.call({
      method: 'PUT',
      path,
      query: { acl: '' },
      headers: { 'x-cos-acl': 'public-read' },
    })
    expect(await grants()).toEqual(['READ', 'FULL_CONTROL'])
  })

  it('needs a policy that allows it to be changed', async () => {
    const { client, store } = await startTestStore()
    await client.call({ method: 'PUT', path, body: 'x' })
    const resource = `qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/*`
    const statement = { effect: 'allow', action: 'name/cos:PutObject', resource }
    const temporary = await temporaryCredentials(store.url, credentials, statement)
    const headers = { 'x-cos-acl': 'public-read' }
    const reply = await client.call({ method: 'PUT', path, query: acl, headers, credentials: temporary })
    expect(reply.code).toBe('AccessDenied')
    expect((await put(client, `/${bucket}/missing`, headers)).code).toBe('NoSuchKey')
  })
})

describe('a bucket', () => {
  it('that anyone may write takes objects from anyone, and keeps its settings to its owner', async () => {
    const { client } = await startTestStore()
    const open = '/open-1250000000'
    const headers = { 'x-cos-acl': 'public-read-write' }
    expect((await client.call({ method: 'PUT', path: open, headers })).status).toBe(200)
    expect((await client.call({ method: 'GET', path: open, query: acl })).headers).toMatchObject(headers)
    expect(await anonymously(client, { method: 'PUT', path: `${open}/a`, body: 'x' })).toBe('200')
    expect(await anonymously(client, { method: 'GET', path: `${open}/a` })).toBe('200 x')
    for (const query of [acl, { cors: '' }, { tagging: '' }, { lifecycle: '' }]) {
      expect(await anonymously(client, { method: 'PUT', path: open, query, body: 'x' })).toBe('AccessDenied')
    }
    expect(await anonymously(client, { method: 'DELETE', path: open })).toBe('AccessDenied')
    for (const [name, value] of [
      ['x-cos-acl', 'private'],
      ['x-cos-grant-read', 'id="100000000001"'],
    ] as const) {
      const request = { method: 'PUT', path: `${open}/a`, headers: { [name]: value }, body: 'x' }
      expect(await anonymously(client, request)).toBe('AccessDenied')
    }
    // A private object cannot be exposed by copying it into the public bucket.
    await client.call({ method: 'PUT', path, body: 'secret' })
    const source = { 'x-cos-copy-source': `${bucket}.cos.ap-guangzhou.myqcloud.com/a` }
    expect(await anonymously(client, { method: 'PUT', path: `${open}/b`, headers: source })).toBe(
      'AccessDenied',
    )
    await put(client, path, { 'x-cos-acl': 'public-read' })
    expect(await anonymously(client, { method: 'PUT', path: `${open}/b`, headers: source })).toContain('200')
    expect(await anonymously(client, { method: 'DELETE', path: `${open}/a` })).toBe('204')
  })
})
