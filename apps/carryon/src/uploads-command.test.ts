import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCos } from '@carryon/local-cos'
import type { LocalCos } from '@carryon/local-cos'
import type { ObjectStore } from '@carryon/object-store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readConfig } from './config.js'
import type { Config } from './config.js'
import { configuredServer } from './configured-server.js'
import { reachStorage } from './open-storage.js'
import { uploadsCommand } from './uploads-command.js'

const secrets = { secretId: 'AKIDuploads', secretKey: 'uploads-secret' }
const content = new TextEncoder().encode('what a stop found half done')
let folder: string
let local: LocalCos
let printed: string[]
const print = (line: string) => void printed.push(line)

beforeEach(async () => {
  printed = []
  folder = await mkdtemp(join(tmpdir(), 'carryon-uploads-'))
  local = await startLocalCos({ directory: join(folder, 'objects'), ...secrets })
})
afterEach(async () => {
  await local.close()
  await rm(folder, { recursive: true })
})

const configWith = (more: Record<string, string> = {}) =>
  readConfig({
    LOCAL_STORE_PORT: new URL(local.url).port,
    DATA_DIR: folder,
    COS_SECRET_ID: secrets.secretId,
    COS_SECRET_KEY: secrets.secretKey,
    ...more,
  })

interface Upload {
  readonly id: string
  readonly key: string
  readonly uploadId: string
  readonly state: string
  readonly url: string | null
}

/** Lets one owner call a server with this configuration; `changes` override methods of its store. */
async function ownerOf(config: Config, changes: Partial<ObjectStore> = {}) {
  const { store, sts } = await reachStorage(config)
  const server = configuredServer(config, { store: { ...store, ...changes }, sts }, { sweepEvery: 0 })
  let owner: Record<string, string> = {}
  const call = async (method: string, path: string, body?: unknown): Promise<Upload> => {
    const headers = { ...owner, 'content-type': 'application/json' }
    const request = new Request(`http://localhost/api/uploads${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = await server.fetch(request)
    const key = answer.headers.get('carryon-owner')
    if (key !== null) owner = { 'carryon-owner': key }
    return ((await answer.json()) as { readonly upload: Upload }).upload
  }
  return { server, store, call }
}

/** Opens an upload of `content` and stores its only part. */
async function openWithPart({ store, call }: Awaited<ReturnType<typeof ownerOf>>) {
  const size = content.length
  const upload = await call('POST', '', { identity: '1:27:abc', name: 'half.txt', size, type: '' })
  const { key, uploadId } = upload
  const { etag, crc64 } = await store.uploadPart({ key, uploadId, partNumber: 1 }, content)
  return { upload, completeRequest: { size, crc64, etags: [etag] } }
}

it('--sweep finishes what a stop cut short as the server would, with its public address', async () => {
  const config = configWith({ PUBLIC_URL_BASE: 'https://files.example.com/' })
  const owner = await ownerOf(config, {
    completeMultipartUpload: () => Promise.reject(new Error('the server was stopped here')),
  })
  const { upload, completeRequest } = await openWithPart(owner)
  await owner.call('POST', `/${upload.id}/complete`, completeRequest)
  expect((await owner.call('GET', `/${upload.id}`)).state).toBe('completing')

  expect(await uploadsCommand(config, { sweep: true }, print)).toBe(true)
  expect(printed).toContain('swept    0 expired, 1 completed, 0 cleaned up, 0 orphans, 0 errors')
  expect(await owner.call('GET', `/${upload.id}`)).toMatchObject({
    state: 'done',
    url: `https://files.example.com/${upload.key}`,
  })
  await owner.server.close()
})

it('lists an open upload, and --abort ends it in the database and in the store', async () => {
  const config = configWith()
  const owner = await ownerOf(config)
  const { upload } = await openWithPart(owner)
  expect(await uploadsCommand(config, { sweep: false }, print)).toBe(true)
  expect(printed).toEqual([
    expect.stringMatching(`^open +${upload.id}  27 bytes, begun .*"half.txt"$`),
    '1 unfinished uploads, 0 orphaned multipart uploads',
  ])

  printed = []
  expect(await uploadsCommand(config, { abort: upload.id, sweep: false }, print)).toBe(true)
  expect(printed).toEqual([`ended    ${upload.id}`, '0 unfinished uploads, 0 orphaned multipart uploads'])
  expect((await owner.call('GET', `/${upload.id}`)).state).toBe('cancelled')
  await expect(owner.store.listParts(upload.key, upload.uploadId)).rejects.toMatchObject({
    code: 'NoSuchUpload',
  })
  await owner.server.close()
})
