import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createUploader, httpBackend } from '@carryon/client'
import { createServer, openDatabase } from '@carryon/server'
import { afterEach, describe, expect, test } from 'vitest'
import { startPostgres, whyNoPostgres } from '../../scripts/postgres.mjs'
import { startServerProcesses } from '../support/server-processes.js'
import { type ApiUnderTest, day, openMultipartKeys, secrets, startApi } from './support/api-under-test.js'

const mebibyte = 2 ** 20
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Starts an API under test, for its store, and a PostgreSQL database. */
async function ground(): Promise<{ api: ApiUnderTest; database: string }> {
  const postgres = await startPostgres()
  closing.push(() => postgres.stop())
  const api = await startApi()
  closing.push(() => api.close())
  return { api, database: postgres.url }
}

const reason = whyNoPostgres()

describe.runIf(reason === null)('several servers on PostgreSQL', () => {
  test('are killed and started again one after another, and every upload arrives once', async () => {
    const { api, database } = await ground()
    const { baseUrl, url } = api.local
    const entry = join(import.meta.dirname, 'support/server-process.ts')
    const servers = await startServerProcesses(3, entry, (port) => ({
      args: [String(port), database, baseUrl, url, secrets.secretId, secrets.secretKey],
    }))
    closing.push(() => servers.close())
    const uploader = createUploader({ backend: httpBackend(`${servers.url}/api`), partSize: mebibyte })
    closing.push(() => uploader.close())

    const killing = { isOver: false }
    const finished: { readonly key: string; readonly digest: string }[] = []
    const uploadOneAfterAnother = async () => {
      for (let count = 0; count < 3 || !killing.isOver; count += 1) {
        const bytes = randomBytes(12 * mebibyte)
        const { key } = await uploader.upload(new File([bytes], 'film.mp4')).done
        finished.push({ key, digest: createHash('sha256').update(bytes).digest('hex') })
      }
    }
    const killOneAfterAnother = async () => {
      await servers.killOneAfterAnother()
      killing.isOver = true
    }
    await Promise.all([uploadOneAfterAnother(), uploadOneAfterAnother(), killOneAfterAnother()])

    for (const { key, digest } of finished) {
      const object = await api.store.getObject(key)
      const bytes = new Uint8Array(await object.arrayBuffer())
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(digest)
    }
    expect(new Set(finished.map(({ key }) => key)).size).toBe(finished.length)
    const completed = api.local.journal.filter(
      ({ operation, acknowledged }) => operation === 'CompleteMultipartUpload' && acknowledged,
    )
    expect(completed).toHaveLength(finished.length)
    expect(await openMultipartKeys(api)).toEqual([])
    expect(await uploader.unfinished()).toEqual([])
  }, 180_000)

  test('sweep a stale upload once between them', async () => {
    const { api, database } = await ground()
    const clock = { ahead: 0 }
    const servers = Array.from({ length: 3 }, () =>
      createServer({
        store: api.store,
        sts: null,
        database: openDatabase({ url: database }),
        authorize: () => ({ owner: 'anna' }),
        sweepEvery: 0,
        now: () => new Date(Date.now() + clock.ahead),
      }),
    )
    closing.push(() => Promise.all(servers.map((server) => server.close())))
    await Promise.all(servers.map((server) => server.ready()))
    for (let count = 0; count < 9; count += 1) {
      const body = JSON.stringify({ identity: `1:20000000:${count}`, name: 'a.bin', size: 20_000_000 })
      const headers = { 'content-type': 'application/json' }
      const asked = new Request('http://app.test/api/uploads', { method: 'POST', headers, body })
      expect((await servers[count % 3]?.fetch(asked))?.status).toBe(201)
    }
    expect(await openMultipartKeys(api)).toHaveLength(9)
    clock.ahead = 8 * day
    const reports = await Promise.all(servers.map((server) => server.sweep()))
    expect(reports.reduce((sum, { expired }) => sum + expired, 0)).toBe(9)
    expect(reports.map(({ errors }) => errors)).toEqual([0, 0, 0])
    expect(await openMultipartKeys(api)).toEqual([])
  })
})

if (reason !== null) {
  test('several servers on PostgreSQL', (context) =>
    context.skip(`skipped, for there is no PostgreSQL: ${reason}`))
}
