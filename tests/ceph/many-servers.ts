import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createUploader, httpBackend } from '@carryon/client'
import { afterEach, expect, test } from 'vitest'
import { startPostgres } from '../../scripts/postgres.mjs'
import { cookieFetch } from '../support/cookie-fetch.js'
import { startServerProcesses } from '../support/server-processes.js'
import type { Ceph } from './ceph.js'

const partSize = 5 * 2 ** 20

/** Tests three servers on one PostgreSQL database and one bucket, behind a round-robin proxy. */
export function manyServers(ceph: () => Ceph): void {
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  test.each(['role', 'urls'] as const)(
    'are killed and started again one after another, and every upload arrives once, by %s',
    async (access) => {
      const postgres = await startPostgres()
      closing.push(() => postgres.stop())
      const bucket = await ceph().createBucket()
      const folder = await mkdtemp(join(tmpdir(), 'carryon-many-'))
      closing.push(() => rm(folder, { recursive: true }))
      const environment = {
        ...ceph().environment(bucket, access),
        DATABASE_URL: postgres.url,
        DATA_DIR: folder,
      }
      const entry = join(import.meta.dirname, 'carryon-process.ts')
      const servers = await startServerProcesses(3, entry, (port) => ({
        environment: { ...environment, PORT: String(port) },
      }))
      closing.push(() => servers.close())
      const backend = httpBackend(`${servers.url}/api`, { fetch: cookieFetch() })
      const uploader = createUploader({ backend, partSize })
      closing.push(() => uploader.close())

      const killing = { isOver: false }
      const digests = new Map<string, string>()
      const uploadOneAfterAnother = async () => {
        for (let count = 0; count < 3 || !killing.isOver; count += 1) {
          const bytes = randomBytes(4 * partSize)
          const { key } = await uploader.upload(new File([bytes], 'film.mp4')).done
          expect(digests.has(key)).toBe(false)
          digests.set(key, sha256(bytes))
        }
      }
      const killOneAfterAnother = async () => {
        await servers.killOneAfterAnother()
        killing.isOver = true
      }
      // A new visitor gets an owner key with the first response; two concurrent first requests would give two owners.
      expect(await uploader.unfinished()).toEqual([])
      await Promise.all([uploadOneAfterAnother(), uploadOneAfterAnother(), killOneAfterAnother()])

      const store = ceph().open(bucket)
      for (const [key, digest] of digests) {
        const object = await store.getObject(key)
        expect(sha256(new Uint8Array(await object.arrayBuffer()))).toBe(digest)
      }
      const { url } = await store.presign({ method: 'GET', key: '', expiresIn: 60 })
      const listed = [...(await (await fetch(url)).text()).matchAll(/<Key>([^<]+)<\/Key>/g)]
      expect(new Set(listed.map(([, key]) => key))).toEqual(new Set(digests.keys()))
      expect(listed).toHaveLength(digests.size)
      for await (const { key } of store.listMultipartUploads(''))
        expect.fail(`a multipart upload is left of ${key}`)
      expect(await uploader.unfinished()).toEqual([])
    },
    180_000,
  )
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
