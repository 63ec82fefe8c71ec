import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCos } from '@carryon/local-cos'
import type { LocalCos } from '@carryon/local-cos'
import { createCosStore, createS3Store, parseStoreError } from '@carryon/object-store'
import type { ObjectStore } from '@carryon/object-store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkBucket, setUpBucket } from './setup-bucket.js'
import { reportStore } from './store-report.js'

const secrets = { secretId: 'AKIDsetup', secretKey: 'setup-secret' }
const requirements = { origins: ['https://app.example.com'], keyPrefix: 'uploads/', expireDays: 7 }
let folder: string
let local: LocalCos
let store: ObjectStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryon-setup-'))
  local = await startLocalCos({ directory: join(folder, 'objects'), ...secrets })
  const { baseUrl, bucket, region } = local
  store = createCosStore({
    location: { dialect: 'cos', baseUrl, bucket, region },
    credentials: { accessKeyId: secrets.secretId, secretAccessKey: secrets.secretKey },
  })
  await setUpBucket({ store, sts: null }, requirements)
})
afterEach(async () => {
  await local.close()
  await rm(folder, { recursive: true })
})

const problemsWith = async (changes: Partial<ObjectStore>): Promise<string[]> => {
  const { problems } = await checkBucket({ store: { ...store, ...changes }, sts: null }, requirements)
  return problems.map(({ problem }) => problem)
}

it('finds nothing wrong with a bucket that is set up', async () => {
  expect(await problemsWith({})).toEqual([])
})

it('warns of versioning, where overwriting is not refused', async () => {
  expect(await problemsWith({ isVersioned: async () => true })).toEqual([
    'versioning is on: a taken key is not refused but gets another version',
  ])
})

it('warns of an ETag that is no MD5, where the store has no checksum of its own', async () => {
  const etag = 'f'.repeat(32)
  let stored = ''
  const encrypted: Partial<ObjectStore> = {
    uploadPart: async (part, body) => {
      const receipt = await store.uploadPart(part, body)
      stored = receipt.etag
      return { ...receipt, etag }
    },
    completeMultipartUpload: (key, uploadId, [part], options) =>
      store.completeMultipartUpload(
        key,
        uploadId,
        part?.etag === etag ? [{ ...part, etag: stored }] : [],
        options,
      ),
  }
  expect(await problemsWith(encrypted)).toEqual([])
  const opaque: ObjectStore['uploadPart'] = async (part, body) => {
    await store.uploadPart(part, body)
    return { etag }
  }
  expect(await problemsWith({ ...encrypted, uploadPart: opaque })).toEqual([
    expect.stringContaining('is not its MD5'),
  ])
})

const refuse = (code: string) => () =>
  Promise.reject(parseStoreError(403, {}, `<Error><Code>${code}</Code></Error>`))

const fixesWith = async (changes: Partial<ObjectStore>): Promise<string[]> => {
  const { problems } = await checkBucket({ store: { ...store, ...changes }, sts: null }, requirements)
  return problems.map(({ remedy }) => remedy)
}

it.each([
  ['getCors', 'name/cos:GetBucketCORS'],
  ['getAbortIncompleteDays', 'name/cos:GetBucketLifecycle'],
  ['isVersioned', 'name/cos:GetBucketVersioning'],
  ['listParts', 'name/cos:ListParts'],
] as const)('names the permission that is missing when %s is denied', async (call, action) => {
  expect(await fixesWith({ [call]: refuse('AccessDenied') })).toEqual([
    expect.stringContaining(`allow ${action} to the server's key`),
  ])
})

it.each(['PathStyleDomainForbidden', 'SecondLevelDomainForbidden'])(
  'says which setting to leave out when the store answers %s',
  async (code) => {
    // The response to HEAD has no body, so it carries no error code.
    const fixes = await fixesWith({ headBucket: refuse('AccessDenied'), getCors: refuse(code) })
    expect(fixes).toEqual([expect.stringContaining('leave out S3_FORCE_PATH_STYLE, or a COS_ENDPOINT')])
  },
)

it('says where parts have to be of one size', async () => {
  const { dialect, capabilities } = createS3Store({
    location: { ...store.location, dialect: 's3', baseUrl: 'https://films.r2.cloudflarestorage.com' },
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  })
  const bucket = { store: { ...store, dialect, capabilities }, sts: null }
  const { lines } = await reportStore(bucket, 'uploads/')
  expect(lines[0]).toMatch(/^store {4}Cloudflare R2: .*, all of one size but the last$/)
})
