import { describe, expect, it } from 'vitest'
import { bucket, startTestStore } from './testing/store.js'

const object = `/${bucket}/a`

describe('a sub-resource that this store does not have', () => {
  const subResources = [
    'domaincertificate',
    'imageMogr2/thumbnail/!50p',
    'notification',
    'select',
    'torrent',
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
    const ofStore = await client.call({ method: 'POST', path: '/', query: { 'x-nobody-knows-this': '' } })
    expect(ofStore.status).toBe(501)
    const listed = await client.call({ method: 'GET', path: '/' })
    expect(listed.text).toContain(`<Name>${bucket}</Name>`)
    expect(listed.text).not.toContain('new-1250000000')
  })

  it('is refused beside one that it has', async () => {
    const { client } = await startTestStore()
    const query = { uploads: '', select: '' }
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
      ['GET', object, 'policy'],
      ['PUT', object, 'referer'],
      ['DELETE', object, 'inventory'],
      ['POST', `/${bucket}`, 'policy'],
      ['DELETE', `/${bucket}`, 'logging'],
      ['DELETE', `/${bucket}`, 'referer'],
      ['POST', `/${bucket}`, 'restore'],
      ['PUT', object, 'restore'],
      ['GET', object, 'restore'],
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

it('a key of nothing but slashes and dots is neither an object nor the bucket', async () => {
  const { client } = await startTestStore()
  await client.call({ method: 'PUT', path: object, body: 'content' })
  for (const key of ['/', '///////', '/./', '.', './/']) {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const reply = await client.call({ method, path: `/${bucket}/${key}` })
      expect([key, method, reply.status]).toEqual([key, method, 400])
      expect(reply.code).toBe(method === 'HEAD' ? '' : 'InvalidURI')
    }
  }
  for (const key of ['/abc/../', '..', 'a//', './a', '.a']) {
    expect((await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: key })).status).toBe(200)
    expect((await client.call({ method: 'GET', path: `/${bucket}/${key}` })).text).toBe(key)
  }
  const query = { prefix: '/' }
  const listed = await client.call({ method: 'GET', path: `/${bucket}`, query })
  expect(listed.text).toContain('<Key>/abc/../</Key>')
})
