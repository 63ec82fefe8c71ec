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

const secrets = { secretId: 'AKIDcommand', secretKey: 'command-secret' }
let folder: string
let local: LocalCos
let store: ObjectStore
let printed: string[]
const print = (line: string) => void printed.push(line)

beforeEach(async () => {
  printed = []
  folder = await mkdtemp(join(tmpdir(), 'carryon-command-'))
  local = await startLocalCos({ directory: join(folder, 'objects'), ...secrets })
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
  expect(printed.join('\n')).toContain('fragments go after 7 days')
  expect(await store.getCors()).toEqual([elsewhere])
  expect(await store.getAbortIncompleteDays('uploads/')).toBe(7)
})

it.each([
  [{ COS_SECRET_KEY: 'wrong' }, 'secret key'],
  [{ COS_BUCKET: 'missing-1250000000' }, 'make the bucket'],
  [{ LOCAL_STORE_PORT: '1' }, "the store's address"],
])('setup-bucket names the fix when %j', async (wrong, fix) => {
  expect(await bucketCommand(configWith(wrong), true, print)).toBe(false)
  expect(printed.join('\n')).toContain(fix)
})

it('uploads lists fragments of no upload, ends uploads by id, and sweeps', async () => {
  await store.createMultipartUpload('uploads/lost.bin')
  expect(await uploadsCommand(configWith(), { sweep: true }, print)).toBe(true)
  expect(printed.join('\n')).toContain('"uploads/lost.bin"')
  expect(printed.at(-1)).toBe('0 unfinished uploads, 1 fragments of no upload')
  expect(await uploadsCommand(configWith(), { abort: 'nobody', sweep: false }, print)).toBe(false)
})
