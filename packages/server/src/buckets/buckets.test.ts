import { afterEach, describe, expect, test } from 'vitest'
import type { OnOpen } from '../hooks/hook-types.js'
import type { ServerOptions } from '../server-options.js'
import type { StsRequest } from '../sts/sts-issuer.js'
import { MemoryStore } from '@carryon/testing'
import { TestFile } from '../testing/test-file.js'
import { day, startTestServer, type TestServer } from '../testing/test-server.js'

class ArchiveStore extends MemoryStore {
  override readonly location = {
    dialect: 'cos',
    baseUrl: 'http://store.test/archive-1250000000',
    bucket: 'archive-1250000000',
    region: 'ap-guangzhou',
  }
}

const file = new TestFile()
let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})

async function start(onOpen: OnOpen, options: Partial<ServerOptions> = {}) {
  const archive = new ArchiveStore(() => new Date('2026-11-22T12:00:00Z'))
  const running = (setup = await startTestServer({ buckets: { archive }, onOpen, ...options }))
  return { ...running, archive }
}

const intoArchive: OnOpen = ({ keyPrefix }) => ({ bucket: 'archive', key: `${keyPrefix}films/7/` })

describe('a bucket that onOpen names', () => {
  test('gets the object, with all that belongs to it, and the first bucket nothing', async () => {
    const { api, store, archive, server } = await start(intoArchive, {
      publicUrlBase: 'https://cdn.example.com',
    })
    const { upload } = (await api.open(file.request)).body
    expect(upload.key).toMatch(/^uploads\/~archive\/films\/7\/[\w-]{22}\/holiday\.mp4$/u)
    await file.send(archive, upload)
    const { status, body } = await api.complete(upload.id, file.completeRequest)
    expect([status, body.upload.state]).toEqual([200, 'done'])
    expect([...archive.objects.keys()]).toEqual([upload.key])
    expect([store.objects.size, store.multipartUploads.size]).toEqual([0, 0])
    // `publicUrlBase` applies to the first bucket only.
    expect(body.upload.url).not.toContain('cdn.example.com')
    expect((await api.call('DELETE', `/api/uploads/${upload.id}/object`)).status).toBe(204)
    expect(archive.objects.size).toBe(0)
    await server.sweep()
  })

  test('is where its credentials are good, and nowhere else', async () => {
    const asked: StsRequest[] = []
    const sts = {
      issue: async (request: StsRequest) => {
        asked.push(request)
        const credentials = { accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token' }
        return { credentials, startsAt: 0, expiresAt: 1_800 }
      },
    }
    const { api, archive } = await start(intoArchive, { sts })
    const { upload, access } = (await api.open(file.request)).body
    expect(access).toMatchObject({ mode: 'credentials', location: archive.location })
    expect(asked.map(({ location, scope }) => [location, scope])).toMatchObject([
      [archive.location, { key: upload.key }],
    ])
  })

  test('is cleared of what is left over, each bucket of its own', async () => {
    const running = await start(intoArchive)
    const { server, store, archive } = running
    await archive.createMultipartUpload('uploads/~archive/lost')
    await archive.createMultipartUpload('uploads/of-somebody-else')
    await store.createMultipartUpload('uploads/lost')
    await store.createMultipartUpload('uploads/~archive/of-somebody-else')
    running.advance(8 * day)
    await server.sweep()
    const left = (each: MemoryStore) => [...each.multipartUploads.values()].map(({ key }) => key)
    expect(left(archive)).toEqual(['uploads/of-somebody-else'])
    expect(left(store)).toEqual(['uploads/~archive/of-somebody-else'])
  })

  test.each<[string, Awaited<ReturnType<OnOpen>>, string]>([
    ['that is not configured', { bucket: 'secrets' }, '"bucket" must be one that is configured: "archive"'],
    ['that is no name', { bucket: 7 } as never, '"bucket" must be one that is configured'],
    ['of the prototype', { bucket: 'constructor' }, '"bucket" must be one that is configured'],
    ['by its prefix alone', { key: 'uploads/~archive/a.mp4' }, 'return "bucket" with it'],
    [
      'with a key outside of it',
      { bucket: 'archive', key: 'elsewhere/a.mp4' },
      'must begin with the key prefix',
    ],
    ['with a key that climbs', { bucket: 'archive', key: 'uploads/../a.mp4' }, 'no segment that is empty'],
  ])('is refused %s, and nothing is opened', async (_, decision, words) => {
    const { api, log, server } = await start(() => decision)
    expect((await api.open(file.request)).status).toBe(500)
    expect((await server.unfinished()).uploads).toEqual([])
    expect(JSON.stringify(log)).toContain(JSON.stringify(words).slice(1, -1))
  })

  test('is not there for a server that has one bucket', async () => {
    const running = (setup = await startTestServer({ onOpen: () => ({ bucket: 'archive' }) }))
    expect((await running.api.open(file.request)).status).toBe(500)
    expect(JSON.stringify(running.log)).toContain('there are none')
  })
})

test('buckets that cannot be used together are named', async () => {
  const other = Object.assign(new MemoryStore(), {
    capabilities: { ...new MemoryStore().capabilities, partChecksum: null },
  }) as unknown as MemoryStore
  await expect(startTestServer({ buckets: { Archive: new MemoryStore() } })).rejects.toThrow(
    'begin with a letter',
  )
  await expect(startTestServer({ buckets: { other } })).rejects.toThrow('with the same capabilities')
})
