import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { StartError, startLocalCos, type LocalCosOptions } from './index.js'
import { ChildStore, compileProgram } from './testing/child-store.js'
import { authorization, testBytes } from './testing/client.js'
import { MultipartCalls } from './testing/multipart.js'
import { bucket, credentials, startTestStore, temporaryDirectory } from './testing/store.js'

async function startError(options: Partial<LocalCosOptions>): Promise<StartError> {
  const directory = options.directory ?? (await temporaryDirectory())
  const result = await startLocalCos({ ...credentials, directory, ...options }).catch(
    (error: unknown) => error,
  )
  if (result instanceof StartError) return result
  throw new Error('The store started.')
}

describe('starting', () => {
  it('names every wrong option at once', async () => {
    const { code, message } = await startError({ bucket: 'x', port: 70_000, secretKey: '', region: 'Ω' })
    expect(code).toBe('INVALID_OPTIONS')
    for (const name of ['bucket', 'port', 'secretKey', 'region']) expect(message).toContain(name)
  })

  it('says which port is taken', async () => {
    const { store } = await startTestStore()
    const { code, message } = await startError({ port: store.port })
    expect(code).toBe('PORT_TAKEN')
    expect(message).toContain(String(store.port))
  })

  it('says which directory cannot be written', async () => {
    const parent = await temporaryDirectory()
    const file = join(parent, 'file')
    await writeFile(file, '')
    expect((await startError({ directory: join(file, 'data') })).code).toBe('DIRECTORY_NOT_WRITABLE')
    // root can write anywhere
    if (process.getuid?.() === 0) return
    const sealed = join(parent, 'sealed')
    await mkdir(sealed)
    await chmod(sealed, 0o500)
    expect((await startError({ directory: sealed })).code).toBe('DIRECTORY_NOT_WRITABLE')
  })

  it('keeps a second store out of a directory, in this process and from another, until the first is gone', async () => {
    const { store, directory } = await startTestStore()
    expect((await startError({ directory })).code).toBe('DIRECTORY_IN_USE')
    await store.close()
    const child = await ChildStore.start(await compileProgram(), directory)
    expect((await startError({ directory })).code).toBe('DIRECTORY_IN_USE')
    await child.kill()
    await (await startLocalCos({ ...credentials, directory })).close()
  })

  it('works again after a failed start and with no lock left by a clean end', async () => {
    const { store, directory } = await startTestStore()
    await store.close()
    expect(await readdir(directory)).not.toContain('lock')
  })

  it('removes what a kill left behind', async () => {
    const first = await startTestStore()
    const calls = new MultipartCalls(first.client, 'joined')
    const uploadId = await calls.initiate()
    const part = testBytes(1000)
    await calls.put(uploadId, 1, part)
    await calls.complete(uploadId, [createHash('md5').update(part).digest('hex')])
    await first.store.close()
    const parts = join(first.directory, 'buckets', bucket, 'parts')
    await mkdir(join(parts, 'orphan'))
    await writeFile(join(first.directory, 'temporary', 'half'), 'x')
    const { store, client } = await startTestStore({ directory: first.directory })
    expect((await client.call({ method: 'GET', path: `/${bucket}/joined` })).body.equals(part)).toBe(true)
    await store.close()
    expect(await readdir(parts)).toEqual([uploadId])
    expect(await readdir(join(first.directory, 'temporary'))).toEqual([])
  })
})

describe('a quota', () => {
  it('refuses what does not fit, and takes it once there is room, also after a restart', async () => {
    const first = await startTestStore({ maxBytes: 1_000_000 })
    const put = async (client: typeof first.client, key: string, size: number): Promise<number> =>
      (await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: testBytes(size) })).status
    expect(await put(first.client, 'a', 600_000)).toBe(200)
    expect(await put(first.client, 'b', 600_000)).toBe(507)
    expect(await put(first.client, 'a', 300_000)).toBe(200)
    const calls = new MultipartCalls(first.client, 'c')
    const uploadId = await calls.initiate()
    for (let turn = 0; turn < 3; turn++)
      expect((await calls.put(uploadId, 1, testBytes(300_000, turn))).status).toBe(200)
    await first.store.close()
    const { client } = await startTestStore({ maxBytes: 1_000_000, directory: first.directory })
    expect(await put(client, 'b', 500_000)).toBe(507)
    await new MultipartCalls(client, 'c').abort(uploadId)
    expect(await put(client, 'b', 500_000)).toBe(200)
    await client.call({ method: 'DELETE', path: `/${bucket}/a` })
    expect(await put(client, 'd', 500_000)).toBe(200)
  })
})

describe('a body shorter than its Content-Length', () => {
  it('stores nothing, and says so to a client that still listens', async () => {
    const { client, store, directory } = await startTestStore()
    const path = `/${bucket}/a`
    const headers = { host: `127.0.0.1:${store.port}`, 'content-length': '1000000' }
    const signed = authorization({ method: 'PUT', path }, headers, credentials)
    const lines = Object.entries({ ...headers, authorization: signed }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    )
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ port: store.port, host: '127.0.0.1', allowHalfOpen: true })
      let text = ''
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      socket.on('end', () => resolve(text)).on('error', reject)
      socket.end(`PUT ${path} HTTP/1.1\r\n${lines.join('')}\r\n${'x'.repeat(100_000)}`)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('<Code>IncompleteBody</Code>')
    expect((await client.call({ method: 'HEAD', path })).status).toBe(404)
    await vi.waitFor(async () => {
      const entry = store.journal.find(({ operation }) => operation === 'PutObject')
      expect(entry).toMatchObject({ error: 'IncompleteBody', acknowledged: false })
      expect(await readdir(join(directory, 'temporary'))).toEqual([])
    }, 20_000)
  })
})
