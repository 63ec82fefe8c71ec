import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Call, Reply, TestClient } from '../testing/client.js'
import { testBytes } from '../testing/client.js'
import { listedObjects, listedUploads } from '../testing/listing.js'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'
import { credentials } from '../testing/store.js'
import { listedVersions, setVersioning, versionsOf } from '../testing/versions.js'
import { childText } from '../xml.js'

const idPattern = /^[A-Za-z0-9]{27}$/
const unknownId = 'MTg0NDUxNzgxMjEzNTU3NTk1Mjg'

function md5(text: string | Uint8Array): string {
  return createHash('md5').update(text).digest('hex')
}

/** Short forms of calls for one key. */
class Key {
  readonly #client: TestClient
  readonly #path: string

  constructor(client: TestClient, key = 'a') {
    this.#client = client
    this.#path = `/${bucket}/${key}`
  }

  async call(method: string, call: Partial<Call> = {}): Promise<Reply> {
    return this.#client.call({ method, path: this.#path, ...call })
  }

  async put(body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const reply = await this.call('PUT', { body, headers })
    expect(reply.status).toBe(200)
    return String(reply.headers['x-cos-version-id'] ?? '')
  }

  async get(versionId?: string): Promise<string> {
    const reply = await this.call('GET', versionId === undefined ? {} : { query: { versionId } })
    return reply.status === 200 ? reply.text : reply.code
  }

  async remove(versionId?: string): Promise<readonly [id: string, marker: string]> {
    const reply = await this.call('DELETE', versionId === undefined ? {} : { query: { versionId } })
    expect(reply.status).toBe(204)
    return [
      String(reply.headers['x-cos-version-id'] ?? ''),
      String(reply.headers['x-cos-delete-marker'] ?? ''),
    ]
  }
}

describe('the versioning of a bucket', () => {
  it('is empty, then enabled, then suspended, also after a restart', async () => {
    const { client, store, directory } = await startTestStore()
    const ask = async (asked: TestClient): Promise<string> => {
      const { text } = await asked.call({ method: 'GET', path: `/${bucket}`, query: { versioning: '' } })
      return /<VersioningConfiguration>(.*)<\/VersioningConfiguration>/.exec(text)?.[1] ?? 'none'
    }
    expect(await ask(client)).toBe('')
    await setVersioning(client, 'Enabled')
    expect(await ask(client)).toBe('<Status>Enabled</Status>')
    await setVersioning(client, 'Suspended')
    await store.close()
    const again = await startTestStore({ directory })
    expect(await ask(again.client)).toBe('<Status>Suspended</Status>')
  })

  it.each([
    ['', 'MalformedXML'],
    ['<VersioningConfiguration/>', 'InvalidArgument'],
    ['<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>', 'InvalidArgument'],
    ['<Versioning><Status>Enabled</Status></Versioning>', 'MalformedXML'],
    [
      '<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>',
      'NotImplemented',
    ],
  ])('is not changed by %j', async (body, code) => {
    const { client } = await startTestStore()
    const reply = await client.call({ method: 'PUT', path: `/${bucket}`, query: { versioning: '' }, body })
    expect(reply.code).toBe(code)
    const key = new Key(client)
    expect(await key.put('one')).toBe('')
  })
})

describe('an object in a bucket with versions', () => {
  it('keeps what it was before, each version by its id', async () => {
    const { client } = await startTestStore()
    const key = new Key(client)
    expect(await key.put('before')).toBe('')
    await setVersioning(client, 'Enabled')
    const ids = [await key.put('one'), await key.put('two')]
    for (const id of ids) expect(id).toMatch(idPattern)
    expect(await key.get()).toBe('two')
    expect(await key.get(ids[0])).toBe('one')
    expect(await key.get(ids[1])).toBe('two')
    expect(await key.get('null')).toBe('before')
    const head = await key.call('HEAD', { query: { versionId: ids[0] ?? '' } })
    expect([head.headers['x-cos-version-id'], head.headers['etag']]).toEqual([ids[0], `"${md5('one')}"`])
    expect((await key.call('HEAD')).headers['x-cos-version-id']).toBe(ids[1])
    expect(await listedVersions(client)).toEqual([
      { key: 'a', id: ids[1], isLatest: true, isMarker: false, etag: md5('two') },
      { key: 'a', id: ids[0], isLatest: false, isMarker: false, etag: md5('one') },
      { key: 'a', id: 'null', isLatest: false, isMarker: false, etag: md5('before') },
    ])
    expect(await listedObjects(client)).toEqual([`a ${md5('two')} 3`])
  })

  it('gets a delete marker when it is deleted, and is back when that is', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const key = new Key(client)
    const id = await key.put('one')
    const [marker, told] = await key.remove()
    expect([marker, told]).toEqual([expect.stringMatching(idPattern), 'true'])
    const gone = await key.call('GET')
    expect([
      gone.status,
      gone.code,
      gone.headers['x-cos-delete-marker'],
      gone.headers['x-cos-version-id'],
    ]).toEqual([404, 'NoSuchKey', 'true', marker])
    expect((await key.call('HEAD', { query: { versionId: marker } })).status).toBe(404)
    expect(await key.get(id)).toBe('one')
    expect(await listedObjects(client)).toEqual([])
    const [second] = await key.remove()
    expect((await listedVersions(client)).map(({ id: listed, isMarker }) => [listed, isMarker])).toEqual([
      [second, true],
      [marker, true],
      [id, false],
    ])
    expect(await key.remove(second)).toEqual([second, 'true'])
    expect(await key.remove(marker)).toEqual([marker, 'true'])
    expect(await key.get()).toBe('one')
    expect(await listedObjects(client)).toEqual([`a ${md5('one')} 3`])
  })

  it('is the one before when its latest version is removed for ever, and gone with the last', async () => {
    const { client, store } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const key = new Key(client)
    const ids = [await key.put('one'), await key.put('two'), await key.put('three')]
    expect(await key.remove(ids[1])).toEqual([ids[1], ''])
    expect(await key.get(ids[1])).toBe('NoSuchVersion')
    expect(await key.get()).toBe('three')
    await key.remove(ids[2])
    expect(await key.get()).toBe('one')
    expect((await listedVersions(client)).map(({ id, isLatest }) => [id, isLatest])).toEqual([[ids[0], true]])
    await key.remove(ids[0])
    expect(await key.get()).toBe('NoSuchKey')
    expect((await client.call({ method: 'DELETE', path: `/${bucket}` })).status).toBe(204)
    await store.close()
  })

  it('takes a delete of a version that is not there, and refuses what is no id', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const key = new Key(client)
    await key.put('one')
    expect(await key.remove(unknownId)).toEqual([unknownId, ''])
    expect(await key.get(unknownId)).toBe('NoSuchVersion')
    expect(await key.get('null')).toBe('NoSuchVersion')
    for (const versionId of ['x', '../../a', `${unknownId}=`, 'MTIz', '\u0000', 'k'.repeat(900)]) {
      for (const method of ['GET', 'DELETE']) {
        const reply = await key.call(method, { query: { versionId } })
        expect([versionId, reply.code]).toEqual([versionId, 'NoSuchVersion'])
      }
    }
    expect(await key.get()).toBe('one')
  })

  it('ignores x-cos-forbid-overwrite, as the real store does', async () => {
    const { client } = await startTestStore()
    const key = new Key(client)
    await key.put('before')
    await setVersioning(client, 'Enabled')
    const id = await key.put('one', { 'x-cos-forbid-overwrite': 'true' })
    expect(id).toMatch(idPattern)
  })

  it('keeps the bucket from being deleted, whatever is left of it', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const key = new Key(client)
    const id = await key.put('one')
    const [marker] = await key.remove()
    const refused = await client.call({ method: 'DELETE', path: `/${bucket}` })
    expect(refused.code).toBe('BucketNotEmpty')
    await key.remove(id)
    expect((await client.call({ method: 'DELETE', path: `/${bucket}` })).code).toBe('BucketNotEmpty')
    await key.remove(marker)
    expect((await client.call({ method: 'DELETE', path: `/${bucket}` })).status).toBe(204)
  })
})

describe('an object while versioning is suspended', () => {
  it('is stored as the version null, which a later one takes the place of', async () => {
    const { client } = await startTestStore()
    const key = new Key(client)
    await key.put('before')
    await setVersioning(client, 'Enabled')
    const id = await key.put('one')
    await setVersioning(client, 'Suspended')
    expect(await key.put('two')).toBe('')
    expect((await listedVersions(client)).map((version) => version.id)).toEqual(['null', id])
    expect(await key.put('three')).toBe('')
    expect((await key.call('HEAD')).headers['x-cos-version-id']).toBe('null')
    expect(await key.get('null')).toBe('three')
    expect(await key.get(id)).toBe('one')
    expect((await listedVersions(client)).map((version) => version.id)).toEqual(['null', id])
    await setVersioning(client, 'Enabled')
    const last = await key.put('four')
    expect((await listedVersions(client)).map((version) => version.id)).toEqual([last, 'null', id])
    await key.remove(last)
    expect(await key.get()).toBe('three')
  })

  it('gets a delete marker null, and what was null is gone', async () => {
    const { client } = await startTestStore()
    const key = new Key(client)
    await key.put('before')
    await setVersioning(client, 'Enabled')
    const id = await key.put('one')
    await setVersioning(client, 'Suspended')
    expect(await key.remove()).toEqual(['null', 'true'])
    expect((await listedVersions(client)).map(({ id: listed, isMarker }) => [listed, isMarker])).toEqual([
      ['null', true],
      [id, false],
    ])
    expect(await key.remove('null')).toEqual(['null', 'true'])
    expect(await key.get()).toBe('one')
  })
})

describe('a version', () => {
  it('has tags and an ACL of its own', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const key = new Key(client)
    const ids = [await key.put('one'), await key.put('two')]
    const versionId = ids[0] ?? ''
    const body = '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>'
    const put = await key.call('PUT', { query: { tagging: '', versionId }, body })
    expect([put.status, put.headers['x-cos-version-id']]).toEqual([200, versionId])
    expect((await key.call('GET', { query: { tagging: '', versionId } })).text).toContain('<Value>v</Value>')
    expect((await key.call('GET', { query: { tagging: '' } })).code).toBe('NoSuchTagSet')
    const acl = { 'x-cos-acl': 'public-read' }
    expect((await key.call('PUT', { query: { acl: '', versionId }, headers: acl })).status).toBe(200)
    const open = { credentials: false as const, query: { versionId } }
    expect((await key.call('GET', open)).text).toBe('one')
    expect((await key.call('GET', { credentials: false })).status).toBe(403)
    expect((await key.call('DELETE', open)).status).toBe(403)
    expect(await key.get(ids[1])).toBe('two')
  })

  it('is copied by its id, also onto its own key, which makes it the latest', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const key = new Key(client)
    const ids = [await key.put('one', { 'x-cos-meta-a': '1' }), await key.put('two')]
    const source = `${bucket}.cos.ap-guangzhou.myqcloud.com/a?versionId=${ids[0]}`
    const reply = await key.call('PUT', { headers: { 'x-cos-copy-source': source } })
    const id = String(reply.headers['x-cos-version-id'])
    expect([reply.status, childText(reply.xml, 'VersionId')]).toEqual([200, id])
    expect(await key.get()).toBe('one')
    expect((await key.call('HEAD')).headers['x-cos-meta-a']).toBe('1')
    expect((await listedVersions(client)).map((version) => version.id)).toEqual([id, ids[1], ids[0]])
  })

  it('of parts keeps its parts until it is removed', async () => {
    const { client, store, directory } = await startTestStore({ maxBytes: 12 * 1024 * 1024 })
    await setVersioning(client, 'Enabled')
    const calls = new MultipartCalls(client, 'a')
    const ids: string[] = []
    for (const seed of [1, 2]) {
      const uploadId = await calls.initiate()
      const parts = [testBytes(1024 * 1024, seed), testBytes(1000, seed + 10)]
      const etags: string[] = []
      for (const [index, part] of parts.entries()) {
        etags.push(String((await calls.put(uploadId, index + 1, part)).headers['etag']))
      }
      const done = await calls.complete(uploadId, etags)
      ids.push(String(done.headers['x-cos-version-id']))
    }
    const key = new Key(client)
    const bytes = async (versionId: string): Promise<string> =>
      md5((await key.call('GET', { query: { versionId } })).body)
    const expected = [1, 2].map((seed) =>
      md5(Buffer.concat([testBytes(1024 * 1024, seed), testBytes(1000, seed + 10)])),
    )
    expect(await Promise.all(ids.map(bytes))).toEqual(expected)
    await store.close()
    const again = await startTestStore({ directory, maxBytes: 12 * 1024 * 1024 })
    expect(await listedUploads(again.client)).toEqual([])
    const after = new Key(again.client)
    await after.remove(ids[1])
    expect(md5((await after.call('GET')).body)).toBe(expected[0])
    await after.remove(ids[0])
    expect(await after.get()).toBe('NoSuchKey')
    // All space has been released.
    const large = testBytes(11 * 1024 * 1024)
    expect((await after.call('PUT', { body: large })).status).toBe(200)
    expect((await after.call('PUT', { body: large })).status).toBe(507)
  })

  it('is not made by appending, which goes on with the latest', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const key = new Key(client)
    const append = async (position: number, body: string): Promise<Reply> =>
      key.call('POST', { query: { append: '', position: String(position) }, body })
    const id = String((await append(0, 'one')).headers['x-cos-version-id'])
    expect((await append(3, 'two')).headers['x-cos-version-id']).toBe(id)
    expect(await key.get(id)).toBe('onetwo')
    await key.remove()
    expect((await append(6, 'x')).code).toBe('PositionNotEqualToLength')
    const second = String((await append(0, 'three')).headers['x-cos-version-id'])
    expect((await listedVersions(client)).map((version) => version.id)).toEqual([
      second,
      expect.stringMatching(idPattern),
      id,
    ])
  })

  it('is for the holder of a token to read and remove only where its policy allows it', async () => {
    const { client, store } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const key = new Key(client)
    const id = await key.put('one')
    await key.put('two')
    const resource = `qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/a`
    const reader = await temporaryCredentials(store.url, credentials, {
      effect: 'allow',
      action: ['name/cos:GetObject'],
      resource: [resource],
    })
    const asReader = { credentials: reader, query: { versionId: id } }
    expect((await key.call('GET', asReader)).text).toBe('one')
    expect((await key.call('DELETE', asReader)).code).toBe('AccessDenied')
    const list = { method: 'GET', path: `/${bucket}/`, query: { versions: '' }, credentials: reader }
    expect((await client.call(list)).code).toBe('AccessDenied')
  })
})

describe('deleting many', () => {
  it('stores delete markers, removes versions, and tells which', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const [a, b] = [new Key(client, 'a'), new Key(client, 'b')]
    const ids = [await a.put('one'), await a.put('two')]
    await b.put('three')
    const body =
      `<Delete><Object><Key>a</Key><VersionId>${ids[0]}</VersionId></Object><Object><Key>b</Key></Object>` +
      `<Object><Key>a</Key><VersionId>no</VersionId></Object></Delete>`
    const reply = await client.call({ method: 'POST', path: `/${bucket}/`, query: { delete: '' }, body })
    expect(reply.status).toBe(200)
    const [removed, marked, refused] = reply.xml.children
    expect(removed?.children.map(({ name, text }) => [name, text])).toEqual([
      ['Key', 'a'],
      ['VersionId', ids[0]],
    ])
    const marker = (await listedVersions(client, { prefix: 'b' }))[0]
    expect(marked?.children.map(({ name, text }) => [name, text])).toEqual([
      ['Key', 'b'],
      ['DeleteMarker', 'true'],
      ['DeleteMarkerVersionId', marker?.id],
    ])
    expect([refused?.name, refused?.children.find(({ name }) => name === 'Code')?.text]).toEqual([
      'Error',
      'NoSuchVersion',
    ])
    expect((await listedVersions(client)).map(({ key, isMarker }) => [key, isMarker])).toEqual([
      ['a', false],
      ['b', true],
      ['b', false],
    ])
    expect(await a.get()).toBe('two')
  })
})

describe('a listing of versions', () => {
  it('tells no ids in a bucket that never had versions', async () => {
    const { client } = await startTestStore()
    await new Key(client).put('one')
    expect(await listedVersions(client)).toEqual([
      { key: 'a', id: '', isLatest: true, isMarker: false, etag: md5('one') },
    ])
  })

  it.each([1, 2, 3, 4, 7])('has the same in pages of %i', async (max) => {
    const { client } = await startTestStore()
    await new Key(client, 'b').put('null')
    await setVersioning(client, 'Enabled')
    for (const name of ['a', 'b', 'c/1', 'c/2', 'd']) {
      const key = new Key(client, name)
      for (const content of ['1', '2', '3']) await key.put(content)
      if (name === 'b') await key.remove()
    }
    const all = await listedVersions(client)
    expect(all).toHaveLength(17)
    expect(await listedVersions(client, { 'max-keys': String(max) })).toEqual(all)
    const inC = await listedVersions(client, { prefix: 'c/', 'max-keys': String(max) })
    expect(inC).toEqual(all.filter(({ key }) => key.startsWith('c/')))
  })

  it('groups keys by a delimiter, a group as one entry', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    for (const name of ['a', 'c/1', 'c/2', 'd']) await new Key(client, name).put('1')
    const query = { versions: '', delimiter: '/', 'max-keys': '2' }
    const first = await client.call({ method: 'GET', path: `/${bucket}/`, query })
    expect(versionsOf(first).map(({ key }) => key)).toEqual(['a'])
    expect(first.text).toContain('<CommonPrefixes><Prefix>c/</Prefix></CommonPrefixes>')
    expect(childText(first.xml, 'NextKeyMarker')).toBe('c/')
    const rest = { ...query, 'key-marker': 'c/' }
    const second = await client.call({ method: 'GET', path: `/${bucket}/`, query: rest })
    expect(versionsOf(second).map(({ key }) => key)).toEqual(['d'])
  })

  it('goes on behind a marked version that is gone by now', async () => {
    const { client } = await startTestStore()
    await setVersioning(client, 'Enabled')
    const key = new Key(client)
    const ids = [await key.put('1'), await key.put('2'), await key.put('3')]
    await key.remove(ids[1])
    const marked = { 'key-marker': 'a', 'version-id-marker': ids[1] ?? '' }
    expect((await listedVersions(client, marked)).map(({ id }) => id)).toEqual([ids[0]])
    const bad = { versions: '', 'key-marker': 'a', 'version-id-marker': 'x' }
    const reply = await client.call({ method: 'GET', path: `/${bucket}/`, query: bad })
    expect(reply.code).toBe('InvalidArgument')
  })
})
