import { describe, expect, it } from 'vitest'
import type { Reply, TestClient } from '../testing/client.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'
import { listedVersions, setVersioning } from '../testing/versions.js'

const link = `/${bucket}/link`

async function putLink(client: TestClient, target: string, headers = {}): Promise<Reply> {
  return client.call({
    method: 'PUT',
    path: link,
    query: { symlink: '' },
    headers: { 'x-cos-symlink-target': target, ...headers },
  })
}

async function get(client: TestClient, path = link): Promise<string> {
  const reply = await client.call({ method: 'GET', path })
  return reply.status === 200 ? reply.text : reply.code
}

describe('a symlink', () => {
  it('is read as the object that it names, in whole, in part and by HEAD', async () => {
    const { client } = await startTestStore()
    const target = `/${bucket}/dir/目标 a+b.txt`
    await client.call({ method: 'PUT', path: target, body: 'content', headers: { 'x-cos-meta-a': '1' } })
    const encoded = encodeURIComponent('dir/目标 a+b.txt')
    expect((await putLink(client, encoded)).status).toBe(200)
    expect(await get(client)).toBe('content')
    const part = await client.call({ method: 'GET', path: link, headers: { range: 'bytes=1-2' } })
    expect([part.status, part.text]).toEqual([206, 'on'])
    const head = await client.call({ method: 'HEAD', path: link })
    expect([head.headers['content-length'], head.headers['x-cos-meta-a']]).toEqual(['7', '1'])
    const told = await client.call({ method: 'GET', path: link, query: { symlink: '' } })
    expect([told.status, decodeURIComponent(String(told.headers['x-cos-symlink-target']))]).toEqual([
      200,
      'dir/目标 a+b.txt',
    ])
    await client.call({ method: 'PUT', path: target, body: 'changed' })
    expect(await get(client)).toBe('changed')
    await client.call({ method: 'DELETE', path: link })
    expect(await get(client, target)).toBe('changed')
  })

  it('names what need not be there yet, and is overwritten like any object', async () => {
    const { client } = await startTestStore()
    await putLink(client, 'later')
    expect(await get(client)).toBe('NoSuchKey')
    await client.call({ method: 'PUT', path: `/${bucket}/later`, body: 'now' })
    expect(await get(client)).toBe('now')
    expect((await putLink(client, 'other', { 'x-cos-forbid-overwrite': 'true' })).code).toBe(
      'FileAlreadyExists',
    )
    await client.call({ method: 'PUT', path: link, body: 'an object' })
    expect(await get(client)).toBe('an object')
    const told = await client.call({ method: 'GET', path: link, query: { symlink: '' } })
    expect(told.code).toBe('InvalidRequest')
    expect(await get(client, `/${bucket}/later`)).toBe('now')
  })

  it('is not followed twice, not copied, and appended to by nobody', async () => {
    const { client } = await startTestStore()
    await putLink(client, 'second')
    const second = { method: 'PUT', path: `/${bucket}/second`, query: { symlink: '' } }
    await client.call({ ...second, headers: { 'x-cos-symlink-target': 'link' } })
    expect(await get(client)).toBe('InvalidRequest')
    const source = { 'x-cos-copy-source': `${bucket}.cos.ap-guangzhou.myqcloud.com/link` }
    expect((await client.call({ method: 'PUT', path: `/${bucket}/c`, headers: source })).code).toBe(
      'InvalidRequest',
    )
    const append = { method: 'POST', path: link, query: { append: '', position: '0' }, body: 'x' }
    expect((await client.call(append)).code).toBe('ObjectNotAppendable')
  })

  it.each([
    ['', 'InvalidArgument'],
    ['link', 'InvalidArgument'],
    ['%E4%B8', 'InvalidArgument'],
    ['k'.repeat(851), 'KeyTooLong'],
    ['%2F.%2F', 'InvalidURI'],
  ])('cannot name %j: %s', async (target, code) => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path: link, body: 'before' })
    expect((await putLink(client, target)).code).toBe(code)
    expect(await get(client)).toBe('before')
  })

  it('has no body', async () => {
    const { client } = await startTestStore()
    const headers = { 'x-cos-symlink-target': 'a' }
    const reply = await client.call({ method: 'PUT', path: link, query: { symlink: '' }, headers, body: 'x' })
    expect(reply.code).toBe('InvalidRequest')
    expect(await get(client)).toBe('NoSuchKey')
  })

  it('lets nobody read what he may not read under its own name', async () => {
    const { client, store } = await startTestStore()
    const secret = `/${bucket}/secret`
    await client.call({ method: 'PUT', path: secret, body: 'secret' })
    await putLink(client, 'secret', { 'x-cos-acl': 'public-read' })
    const anyone = { method: 'GET', path: link, credentials: false as const }
    expect((await client.call(anyone)).code).toBe('AccessDenied')
    const reader = await temporaryCredentials(store.url, credentials, {
      effect: 'allow',
      action: ['name/cos:GetObject', 'name/cos:HeadObject'],
      resource: [`qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/link`],
    })
    for (const method of ['GET', 'HEAD']) {
      expect((await client.call({ method, path: link, credentials: reader })).status).toBe(403)
    }
    await client.call({
      method: 'PUT',
      path: secret,
      query: { acl: '' },
      headers: { 'x-cos-acl': 'public-read' },
    })
    expect((await client.call(anyone)).text).toBe('secret')
  })

  it('has versions', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    await client.call({ method: 'PUT', path: link, body: 'object' })
    const put = await putLink(client, 'target')
    const versions = await listedVersions(client)
    expect(versions.map(({ key }) => key)).toEqual(['link', 'link'])
    expect(put.headers['x-cos-version-id']).toBe(versions[0]?.id)
    const told = await client.call({
      method: 'GET',
      path: link,
      query: { symlink: '', versionId: 'invalid-version-id' },
    })
    expect([told.status, told.code]).toEqual([404, 'NoSuchVersion'])
    await client.call({ method: 'DELETE', path: link, query: { versionId: versions[0]?.id ?? '' } })
    expect(await get(client)).toBe('object')
  })
})
