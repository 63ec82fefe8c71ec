import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCos } from '@carryon/local-cos'
import type { LocalCos } from '@carryon/local-cos'
import { createRestStore } from '@carryon/object-store'
import type { StoreOptions } from '@carryon/object-store'
import { createServer, openDatabase } from '@carryon/server'
import { httpBackend } from '@carryon/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBucket, setUpBucket } from '../../apps/carryon/src/setup-bucket.js'
import { acmeDialect, startAcmeGate } from './acme-store.js'
import { bytes, crc64, md5, storeContract, type ContractSubject } from '@carryon/testing/store-contract'

interface RunningAcme extends ContractSubject {
  readonly behind: LocalCos
}

async function startAcme(): Promise<RunningAcme> {
  const directory = await mkdtemp(join(tmpdir(), 'carryon-acme-'))
  const credentials = { accessKeyId: 'AKIDacme', secretAccessKey: 'acme-secret' }
  const behind = await startLocalCos({
    directory,
    secretId: credentials.accessKeyId,
    secretKey: credentials.secretAccessKey,
    journal: true,
  })
  const gate = await startAcmeGate(behind.url)
  const { bucket, region } = behind
  const location = { dialect: 'acme', baseUrl: `${gate.url}/${bucket}`, bucket, region }
  return {
    behind,
    credentials,
    sign: acmeDialect.sign,
    open: (options: Partial<StoreOptions> = {}) =>
      createRestStore(acmeDialect, acmeDialect.capabilities, { location, credentials, ...options }),
    stop: async () => {
      await gate.close()
      await behind.close()
      await rm(directory, { recursive: true })
    },
  }
}

storeContract('a third dialect', startAcme)

describe('a third dialect', () => {
  let running: RunningAcme
  beforeAll(async () => void (running = await startAcme()))
  afterAll(() => running.stop())

  it('is opened, sent, verified and completed, and nothing is overwritten', async () => {
    const store = running.open()
    const database = openDatabase({ file: ':memory:' })
    const server = createServer({ store, sts: null, database, authorize: () => ({ owner: 'anna' }) })
    await server.ready()
    const backend = httpBackend('http://app.test/api', {
      fetch: (url, init) => server.fetch(new Request(url, init)),
    })
    const { signal } = new AbortController()
    const content = bytes(2_500_000, 3)
    const file = { identity: '1:2500000:a', name: 'a.bin', size: content.length, partSize: 2 ** 20 }
    const { upload, access, checksums } = await backend.open(file, signal)
    expect(checksums).toEqual({ part: 'crc64ecma', object: 'crc64ecma', etagIsMd5: true })
    if (access.mode !== 'urls') return expect.fail(`Mode "${access.mode}" instead of signed URLs.`)
    const parts = [0, 1, 2].map((index) => content.subarray(index * 2 ** 20, (index + 1) * 2 ** 20))
    for (const [index, part] of parts.entries()) {
      const answer = await fetch(String(access.urls[String(index + 1)]), { method: 'PUT', body: part })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('x-acme-hash-crc64ecma')).toBe(crc64(part))
    }
    const claim = { size: content.length, crc64: crc64(content), etags: parts.map((part) => md5(part)) }
    await expect(
      backend.complete(upload.id, { ...claim, etags: claim.etags.toReversed() }, signal),
    ).rejects.toMatchObject({ code: 'parts-mismatch' })
    const done = await backend.complete(upload.id, claim, signal)
    expect(done).toMatchObject({ state: 'done', crc64: claim.crc64 })
    await expect(store.putObject(done.key, bytes(1, 1), { forbidOverwrite: true })).rejects.toMatchObject({
      code: 'FileAlreadyExists',
    })
    const stored = new Uint8Array(await (await store.getObject(done.key)).arrayBuffer())
    expect(Buffer.compare(stored, content)).toBe(0)
    await server.close()
    await server.close()
  })

  it('has its bucket set up and checked, in its own names', async () => {
    const store = running.open()
    const wishes = { origins: ['https://app.example'], keyPrefix: 'uploads/', expireDays: 7 }
    const before = await checkBucket({ store, sts: null }, wishes)
    expect(before.storeLines[0]).toMatch(/^store {4}Acme: /u)
    expect(before.problems.map(({ problem }) => problem)).toEqual([
      'CORS: https://app.example may not read x-acme-request-id, x-acme-hash-crc64ecma',
      expect.stringContaining('lifecycle: no rule removes parts of unfinished uploads'),
    ])
    await setUpBucket({ store, sts: null }, wishes)
    expect((await checkBucket({ store, sts: null }, wishes)).problems).toEqual([])
    const [rule] = await store.getCors()
    expect(rule?.exposeHeaders).toContain('x-acme-hash-crc64ecma')

    const credentials = { accessKeyId: 'AKIDacme', secretAccessKey: 'wrong' }
    const { problems } = await checkBucket({ store: running.open({ credentials }), sts: null }, wishes)
    expect(problems.map(({ remedy: fix }) => fix)).toEqual([expect.stringContaining('secret key')])
  })
})
