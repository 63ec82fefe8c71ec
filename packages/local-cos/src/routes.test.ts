import { describe, expect, it } from 'vitest'
import { bucket, startTestStore } from './testing/store.js'

const object = `/${bucket}/a`

describe('a sub-resource that this store does not have', () => {
  const subResources = [
    'accelerate',
    'domain',
    'encryption',
    'imageMogr2/thumbnail/!50p',
    'intelligenttiering',
    'inventory',
    'logging',
    'object-lock',
    'policy',
    'referer',
    'replication',
    'restore',
    'select',
    'x-nobody-knows-this',
  ]

  it('is refused on an object by every method, and the object stays as it is', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path: object, body: 'content' })
    for (const name of subResources) {
      for (const method of ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']) {
        const credentials = name === 'select' ? { credentials: false as const } : {}
        const reply = await client.call({ method, path: object, query: { [name]: '' }, ...credentials })
        expect([method, name, reply.status]).toEqual([method, name, 501])
        if (method !== 'HEAD') expect(reply.code).toBe('NotImplemented')
      }
    }
    expect((await client.call({ method: 'GET', path: object })).text).toBe('content')
  })

  it('is refused on a bucket by every method: none is made, none deleted', async () => {
    const { client } = await startTestStore()
    for (const name of subResources) {
      for (const method of ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']) {
        const reply = await client.call({ method, path: `/${bucket}`, query: { [name]: '' } })
        expect([method, name, reply.status]).toEqual([method, name, 501])
        const other = await client.call({ method, path: '/new-1250000000', query: { [name]: '' } })
        expect(other.status).toBe(501)
      }
    }
    const listed = await client.call({ method: 'GET', path: '/' })
    expect(listed.text).toContain(`<Name>${bucket}</Name>`)
    expect(listed.text).not.toContain('new-1250000000')
  })

  it('is refused beside one that it has', async () => {
    const { client } = await startTestStore()
    const query = { uploads: '', restore: '' }
    expect((await client.call({ method: 'POST', path: object, query })).code).toBe('NotImplemented')
  })

  it('is one of another resource, too', async () => {
    const { client } = await startTestStore()
    await client.call({ method: 'PUT', path: object, body: 'content' })
    for (const [method, path, name] of [
      ['DELETE', object, 'cors'],
      ['DELETE', object, 'uploads'],
      ['PUT', object, 'uploads'],
      ['PUT', object, 'lifecycle'],
      ['DELETE', `/${bucket}`, 'uploadId'],
      ['DELETE', `/${bucket}`, 'uploads'],
      ['DELETE', '/new-1250000000', 'versioning'],
      ['GET', object, 'versions'],
      ['PUT', object, 'versioning'],
      ['PUT', `/${bucket}`, 'versions'],
      ['DELETE', `/${bucket}`, 'versions'],
      ['GET', object, 'website'],
      ['PUT', `/${bucket}`, 'location'],
      ['PUT', object, 'origin'],
      ['DELETE', object, 'origin'],
      ['POST', `/${bucket}`, 'origin'],
      ['PUT', `/${bucket}`, 'symlink'],
      ['DELETE', object, 'symlink'],
      ['POST', object, 'symlink'],
      ['DELETE', `/${bucket}`, 'versionId'],
      ['PUT', object, 'versionId'],
      ['POST', object, 'versionId'],
      ['GET', '/', 'cors'],
    ] as const) {
      const reply = await client.call({ method, path, query: { [name]: '' } })
      expect([method, path, name, reply.code]).toEqual([method, path, name, 'NotImplemented'])
    }
    expect((await client.call({ method: 'GET', path: object })).text).toBe('content')
  })
})

it('a path that names a key and no bucket is neither the service nor an object', async () => {
  const { client } = await startTestStore()
  for (const method of ['GET', 'PUT', 'DELETE', 'POST']) {
    const reply = await client.call({ method, path: '//a' })
    expect([method, reply.status, reply.code]).toEqual([method, 400, 'InvalidURI'])
  }
})

it('the service lists buckets of its region, in pages, with the time in seconds', async () => {
  const { client } = await startTestStore()
  for (const name of ['a-1250000000', 'b-1250000000']) await client.call({ method: 'PUT', path: `/${name}` })
  const names = async (query: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const { text } = await client.call({ method: 'GET', path: '/', query })
    return [...text.matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, name]) => name ?? '')
  }
  expect(await names({})).toEqual(['a-1250000000', 'b-1250000000', bucket])
  expect(await names({ region: 'ap-guangzhou', 'max-keys': '2' })).toEqual(['a-1250000000', 'b-1250000000'])
  expect(await names({ marker: 'b-1250000000' })).toEqual([bucket])
  expect(await names({ region: 'ap-beijing' })).toEqual([])
  const now = Math.floor(Date.now() / 1000)
  for (const [range, time, found] of [
    ['gt', now - 900, 3],
    ['lte', now - 900, 0],
    ['lt', now + 900, 3],
    ['gte', now + 900, 0],
  ] as const) {
    const listed = await names({ range, 'create-time': String(time) })
    expect([range, time, listed.length]).toEqual([range, time, found])
  }
  for (const query of [
    { range: 'gt' },
    { 'create-time': '1' },
    { range: 'constructor', 'create-time': '1' },
  ]) {
    expect((await client.call({ method: 'GET', path: '/', query })).code).toBe('InvalidArgument')
  }
  expect((await client.call({ method: 'GET', path: '/' })).text).toMatch(
    /<CreationDate>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/CreationDate>/,
  )
})

it('a bucket tells its region', async () => {
  const { client } = await startTestStore()
  const reply = await client.call({ method: 'GET', path: `/${bucket}`, query: { location: '' } })
  expect(reply.text).toContain('<LocationConstraint>ap-guangzhou</LocationConstraint>')
})
