import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCos } from '@carryon/local-cos'
import type { LocalCos } from '@carryon/local-cos'
import { createCosStore } from '@carryon/object-store'
import type { ObjectStore } from '@carryon/object-store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bucketCommand } from './bucket-command.js'
import { readConfig } from './config.js'
import { uploadsCommand } from './uploads-command.js'

const day = 86_400_000
const secrets = { secretId: 'AKIDcommand', secretKey: 'command-secret' }
let folder: string
let local: LocalCos
let store: ObjectStore
let printed: string[]
/** Milliseconds by which the store's clock is ahead of this machine's. */
let storeAhead = 0
const print = (line: string) => void printed.push(line)

beforeEach(async () => {
  printed = []
  storeAhead = 0
  folder = await mkdtemp(join(tmpdir(), 'carryon-command-'))
  local = await startLocalCos({
    directory: join(folder, 'objects'),
    ...secrets,
    now: () => Date.now() + storeAhead,
  })
  const { baseUrl, bucket, region } = local
  store = createCosStore({
    location: { dialect: 'cos', baseUrl, bucket, region },
    credentials: { accessKeyId: secrets.secretId, secretAccessKey: secrets.secretKey },
  })
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
    COS_BUCKET: local.bucket,
    COS_REGION: local.region,
    ALLOWED_ORIGINS: 'https://app.example.com',
    ...more,
  })

it('setup-bucket sets what is missing once, and leaves the rules of others', async () => {
  const foreign = {
    id: 'others',
    allowedOrigins: ['https://other.example.com'],
    allowedMethods: ['GET'],
    allowedHeaders: ['range'],
    exposeHeaders: ['ETag'],
    maxAge: 5,
  }
  await store.putCors([foreign])
  await store.putAbortIncompleteDays('other/', 1)

  expect(await bucketCommand(configWith(), false, print)).toBe(true)
  expect(printed.filter((line) => line.startsWith('set'))).toHaveLength(2)
  expect((await store.getCors()).map(({ id }) => id)).toEqual(['carryon', 'others'])
  expect((await store.getCors())[1]).toEqual(foreign)
  expect(await store.getAbortIncompleteDays('uploads/')).toBe(30)
  expect(await store.getAbortIncompleteDays('other/')).toBe(1)

  printed = []
  expect(await bucketCommand(configWith(), false, print)).toBe(true)
  expect(printed.filter((line) => line.startsWith('set'))).toEqual([])
})

it('setup-bucket --check only reports', async () => {
  const elsewhere = {
    allowedOrigins: ['https://other.example.com'],
    allowedMethods: ['PUT'],
    allowedHeaders: ['*'],
    exposeHeaders: [],
    maxAge: 5,
  }
  await store.putCors([elsewhere])
  await store.putAbortIncompleteDays('uploads/', 7)
  expect(await bucketCommand(configWith(), true, print)).toBe(false)
  expect(printed.join('\n')).toContain('no rule lets https://app.example.com send PUT')
  expect(printed.join('\n')).toContain('parts of unfinished uploads are removed after 7 days')
  expect(await store.getCors()).toEqual([elsewhere])
  expect(await store.getAbortIncompleteDays('uploads/')).toBe(7)
})

it.each([
  [{ COS_SECRET_KEY: 'wrong' }, 'secret key'],
  [{ COS_BUCKET: 'missing-1250000000' }, 'make the bucket'],
  [{ LOCAL_STORE_PORT: '1' }, "the store's address"],
])('setup-bucket names the fix when %j', async (wrong, remedy) => {
  expect(await bucketCommand(configWith(wrong), true, print)).toBe(false)
  expect(printed.join('\n')).toContain(remedy)
})

it('uploads lists orphaned multipart uploads, and says when there is none of the id to end', async () => {
  await store.createMultipartUpload('uploads/lost.bin')
  expect(await uploadsCommand(configWith(), { sweep: true }, print)).toBe(true)
  expect(printed.join('\n')).toContain('"uploads/lost.bin"')
  expect(printed.at(-1)).toBe('0 unfinished uploads, 1 orphaned multipart uploads')
  expect(await uploadsCommand(configWith(), { abort: 'nobody', sweep: false }, print)).toBe(false)
})

it('uploads --sweep removes orphaned multipart uploads, once they are older than any upload', async () => {
  storeAhead = -8 * day
  const old = await store.createMultipartUpload('uploads/old.bin')
  await store.createMultipartUpload('elsewhere/old.bin')
  storeAhead = 0
  const young = await store.createMultipartUpload('uploads/young.bin')
  expect(await uploadsCommand(configWith(), { sweep: false }, print)).toBe(true)
  expect(printed.at(-1)).toBe('0 unfinished uploads, 2 orphaned multipart uploads')

  expect(await uploadsCommand(configWith(), { sweep: true }, print)).toBe(true)
  expect(printed).toContain('swept    0 expired, 0 completed, 0 cleaned up, 1 orphans, 0 errors')
  await expect(store.listParts('uploads/old.bin', old.uploadId)).rejects.toMatchObject({
    code: 'NoSuchUpload',
  })
  expect(await store.listParts('uploads/young.bin', young.uploadId)).toEqual([])
  const left: string[] = []
  for await (const { key } of store.listMultipartUploads('')) left.push(key)
  expect(left).toEqual(['elsewhere/old.bin', 'uploads/young.bin'])
})

it.each([
  [-120_000, 'ahead of'],
  [120_000, 'behind'],
])('setup-bucket --check warns of a clock that is wrong: the store is %i ms ahead', async (ahead, which) => {
  storeAhead = ahead
  await bucketCommand(configWith(), true, print)
  expect(printed.join('\n')).toMatch(new RegExp(`clock is 1[12]\\d s ${which} the store's`))
})

it('setup-bucket says what the store can do, and leaves nothing in the bucket', async () => {
  await bucketCommand(configWith(), true, print)
  expect(printed).toEqual(
    expect.arrayContaining([
      'store    COS: parts of 1 MiB to 5 GiB, at most 10000, files up to 48.83 TiB',
      'yes      the ETag of a part is its MD5',
      'yes      a PUT that must not overwrite is refused',
      'yes      a complete that must not overwrite is refused',
      'yes      no client can add headers to a signed PUT',
      'yes      the CRC-64 of a part is answered',
    ]),
  )
  for await (const { key } of store.listMultipartUploads(''))
    expect.fail(`a multipart upload is left of ${key}`)
})

it('setup-bucket keeps the other settings beside the rules', async () => {
  const document = (inner: string) => `<CORSConfiguration>${inner}</CORSConfiguration>`
  const rule =
    '<CORSRule><AllowedOrigin>https://other.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>'
  const put = await store.presign({ method: 'PUT', key: '', query: { cors: '' }, expiresIn: 60 })
  const body = document(`${rule}<ResponseVary>true</ResponseVary>`)
  expect((await fetch(put.url, { method: 'PUT', headers: put.headers, body })).status).toBe(200)
  expect(await bucketCommand(configWith(), false, print)).toBe(true)

  const get = await store.presign({ method: 'GET', key: '', query: { cors: '' }, expiresIn: 60 })
  const after = await (await fetch(get.url)).text()
  expect(after).toContain('<ResponseVary>true</ResponseVary>')
  expect(after).toContain('https://other.example')
  expect(after).toContain('https://app.example.com')
})
