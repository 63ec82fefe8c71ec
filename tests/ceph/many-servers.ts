import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createUploader, httpBackend } from '@carryon/client'
import { afterEach, expect, test } from 'vitest'
import { startPostgres } from '../../scripts/postgres.mjs'
import { programOf } from '../api/support/in-processes.js'
import { startRoundRobin } from '../api/support/round-robin.js'
import { cookieFetch } from '../support/cookie-fetch.js'
import { freePorts } from '../support/free-ports.js'
import type { Ceph } from './ceph.js'

const partSize = 5 * 2 ** 20

/** Three servers on one PostgreSQL and one bucket, behind a proxy that takes them in turn. */
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
      const program = await programOf(join(import.meta.dirname, 'carryon-process.ts'))
      closing.push(() => program.remove())
      const start = (port: number) =>
        startServer(program.file, {
          ...ceph().environment(bucket, access),
          PORT: String(port),
          DATABASE_URL: postgres.url,
          DATA_DIR: folder,
        })
      const ports = await freePorts(3)
      const servers = await Promise.all(ports.map(start))
      closing.push(() => Promise.all(servers.map(kill)))
      const proxy = await startRoundRobin(ports)
      closing.push(() => proxy.close())
      const backend = httpBackend(`${proxy.url}/api`, { fetch: cookieFetch() })
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
        for (const [index, port] of ports.entries()) {
          const server = servers[index]
          if (server !== undefined) await kill(server)
          servers[index] = await start(port)
        }
        killing.isOver = true
      }
      // Who has never been here gets a name with the first answer, and two answers would be two names.
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
      for await (const { key } of store.listMultipartUploads('')) expect.fail(`a fragment is left of ${key}`)
      expect(await uploader.unfinished()).toEqual([])
    },
    180_000,
  )
}

async function startServer(file: string, environment: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error('a server ended before it was ready')),
  )
  await Promise.race([once(child.stdout, 'data'), ended])
  ended.catch(() => undefined)
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
