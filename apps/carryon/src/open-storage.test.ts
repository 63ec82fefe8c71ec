import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCos } from '@carryon/local-cos'
import type { LocalCos } from '@carryon/local-cos'
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from './config.js'
import { openStorage, reachStorage } from './open-storage.js'

const secrets = { secretId: 'AKIDstorage', secretKey: 'storage-secret' }
let folder: string
let local: LocalCos
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryon-storage-'))
  local = await startLocalCos({ directory: join(folder, 'objects'), ...secrets })
})
afterAll(async () => {
  await local.close()
  await rm(folder, { recursive: true })
})

const opened = () =>
  openStorage(
    readConfig({
      STORE: 'cos',
      COS_SECRET_ID: secrets.secretId,
      COS_SECRET_KEY: secrets.secretKey,
      COS_BUCKET: local.bucket,
      COS_REGION: local.region,
      COS_ENDPOINT: local.url,
      DATA_DIR: folder,
    }),
    pino({ enabled: false }),
  )

it('a COS bucket is used by forms once it has shown that it honours them, and not where pages may not POST', async () => {
  const { store } = await opened()
  expect(store.capabilities.forms).toBe(true)
  const [rule] = await store.getCors()
  if (rule === undefined) throw new Error('The bucket has no CORS rule.')
  await store.putCors([{ ...rule, allowedMethods: ['PUT', 'GET', 'HEAD'] }])
  expect((await opened()).store.capabilities.forms).toBe(false)
})

it('browsers are never sent to the address of every address', async () => {
  for (const host of ['0.0.0.0', '::', '[::]']) {
    const { store } = await reachStorage(readConfig({ HOST: host, DATA_DIR: folder }))
    expect(store.location.baseUrl).toBe('http://127.0.0.1:3001/carryon-1250000000')
  }
})

it('the embedded store is called here, and shown where browsers reach it', async () => {
  const { store } = await reachStorage(
    readConfig({
      LOCAL_STORE_PORT: String(local.port),
      LOCAL_STORE_PUBLIC_URL: 'https://store.example.com',
      COS_SECRET_ID: secrets.secretId,
      COS_SECRET_KEY: secrets.secretKey,
      DATA_DIR: folder,
    }),
  )
  await store.headBucket()
  expect(store.location.baseUrl).toBe('https://store.example.com/carryon-1250000000')
  const { url } = await store.presign({ method: 'GET', key: 'a', expiresIn: 60 })
  expect(new URL(url).origin).toBe('https://store.example.com')
  const form = await store.presignForm({
    key: 'a',
    size: 1,
    headers: { contentMd5: 'DMF1ucDxtqgxw5niaXcmYQ==' },
    expiresIn: 60,
  })
  expect(new URL(form.url).origin).toBe('https://store.example.com')
})
