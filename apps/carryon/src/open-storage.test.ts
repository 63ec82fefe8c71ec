import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCos } from '@carryon/local-cos'
import type { LocalCos } from '@carryon/local-cos'
import pino from 'pino'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { readConfig } from './config.js'
import { openStorage, reachStorage, reachTriedStorage } from './open-storage.js'

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

/** An S3 store that ignores conditions, encrypts with its own key, and does not support checksums. */
async function poorS3(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.method === 'DELETE') response.writeHead(204).end()
      else if (request.method === 'PUT') response.writeHead(200, { etag: `"${'f'.repeat(32)}"` }).end()
      else if (/[?&]uploads/u.test(request.url ?? '')) {
        response.end('<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>')
      } else {
        response.end('<CompleteMultipartUploadResult><ETag>"x-1"</ETag></CompleteMultipartUploadResult>')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('a command that completes uploads goes by what an S3 can do, as the server does', async () => {
  const config = readConfig({
    STORE: 's3',
    S3_ENDPOINT: await poorS3(),
    S3_REGION: 'us-east-1',
    S3_BUCKET: 'files',
    S3_ACCESS_KEY_ID: 'id',
    S3_SECRET_ACCESS_KEY: 'key',
    S3_FORCE_PATH_STYLE: '1',
    DATA_DIR: folder,
  })
  const { store } = await reachTriedStorage(config)
  const served = await openStorage(config, pino({ enabled: false }))
  expect(store.capabilities).toMatchObject({ etagIsMd5: false, forbidOverwriteOnComplete: false })
  expect(store.capabilities).toEqual(served.store.capabilities)
})
