import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createUploader, httpBackend } from '@carryon/client'
import { startLocalCos } from '@carryon/local-cos'
import { createCosStore } from '@carryon/object-store'
import { afterEach, expect, test } from 'vitest'
import { smallestBackend } from './support/smallest-backend.js'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start() {
  const directory = await mkdtemp(join(tmpdir(), 'carryon-smallest-'))
  closing.push(() => rm(directory, { recursive: true, force: true }))
  const secrets = { secretId: 'AKIDtest', secretKey: 'secret' }
  const local = await startLocalCos({ directory, ...secrets })
  closing.push(() => local.close())
  const store = createCosStore({
    location: { dialect: 'cos', baseUrl: local.baseUrl, bucket: local.bucket, region: local.region },
    credentials: { accessKeyId: secrets.secretId, secretAccessKey: secrets.secretKey },
  })
  const handle = smallestBackend(store)
  return {
    store,
    uploader: () => {
      const backend = httpBackend('http://app.test/api', {
        fetch: (input, init) => handle(new Request(input, init)),
      })
      const uploader = createUploader({ backend })
      closing.push(() => uploader.close())
      return uploader
    },
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

test.each([1, 2 ** 20, 20 * 2 ** 20 + 7])('five calls are enough for a file of %i bytes', async (size) => {
  const { store, uploader } = await start()
  const bytes = randomBytes(size)
  const { key, verified, url } = await uploader().upload(new File([bytes], 'film.mp4')).done
  const stored = await store.getObject(key)
  expect(sha256(new Uint8Array(await stored.arrayBuffer()))).toBe(sha256(bytes))
  expect(verified).toContain('object-crc64')
  expect((await fetch(url)).status).toBe(200)
})

test('a second page resumes what a first one has left', async () => {
  const { uploader } = await start()
  const bytes = randomBytes(20 * 2 ** 20)
  const first = uploader()
  const upload = first.upload(new File([bytes], 'film.mp4'))
  await new Promise<void>((resolve) => {
    upload.on('change', ({ progress }) => {
      if (progress.loaded > 0) resolve()
    })
  })
  first.close()
  const second = uploader().upload(new File([bytes], 'film.mp4'))
  await second.done
  expect(second.snapshot.resumedBytes).toBeGreaterThan(0)
})

test('a cancel leaves no part behind', async () => {
  const { store, uploader } = await start()
  const upload = uploader().upload(new File([randomBytes(20 * 2 ** 20)], 'film.mp4'))
  await new Promise<void>((resolve) => {
    upload.on('change', ({ state }) => {
      if (state === 'uploading') resolve()
    })
  })
  await Promise.all([upload.cancel(), expect(upload.done).rejects.toMatchObject({ code: 'cancelled' })])
  const left = []
  for await (const each of store.listMultipartUploads('')) left.push(each)
  expect(left).toEqual([])
})
