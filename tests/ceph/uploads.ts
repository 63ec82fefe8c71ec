import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createUploader, httpBackend } from '@carryon/client'
import type { Upload, UploadBackend, UploadSnapshot } from '@carryon/client'
import { StoreError, createS3Store } from '@carryon/object-store'
import type { ObjectStore } from '@carryon/object-store'
import pino from 'pino'
import { afterEach, expect, test } from 'vitest'
import { readConfig } from '../../apps/carryon/src/config.js'
import { serve } from '../../apps/carryon/src/serve.js'
import { cookieFetch } from '../support/cookie-fetch.js'
import type { Ceph } from './ceph.js'
import { startHttpRelay } from './http-relay.js'

const mebibyte = 2 ** 20
const partSize = 5 * mebibyte

/** A server on its own bucket, and the backend its uploaders use. */
interface Service {
  readonly store: ObjectStore
  readonly backend: UploadBackend
}

/** Tests whole uploads by the client and the real server, with Ceph as the store. */
export function uploads(ceph: () => Ceph): void {
  const closing: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  async function service(access: 'role' | 'urls', endpoint = ceph().endpoint): Promise<Service> {
    const bucket = await ceph().createBucket()
    const folder = await mkdtemp(join(tmpdir(), 'carryon-on-ceph-'))
    closing.push(() => rm(folder, { recursive: true }))
    const config = readConfig({
      ...ceph().environment(bucket, access),
      S3_ENDPOINT: endpoint,
      PORT: '0',
      DATA_DIR: folder,
    })
    const running = await serve(config, pino({ level: 'silent' }))
    closing.push(() => running.close())
    return {
      store: ceph().open(bucket),
      backend: httpBackend(`${running.url}api`, { fetch: cookieFetch() }),
    }
  }

  function uploaderOf({ backend }: Service) {
    const uploader = createUploader({ backend, partSize })
    closing.push(() => uploader.close())
    return uploader
  }

  test.each(['role', 'urls'] as const)('a file arrives whole, by %s', async (access) => {
    const running = await service(access)
    const bytes = randomBytes(4 * partSize + 12_345)
    const result = await uploaderOf(running).upload(fileOf(bytes)).done
    expect(await digestOf(running.store, result.key)).toBe(sha256(bytes))
    expect(await openMultipartKeys(running.store)).toEqual([])
  })

  test('a complete whose answer is lost is found to have succeeded', async () => {
    let lost = 0
    const relay = await startHttpRelay(ceph().endpoint, async (asked, pass) => {
      const given = await pass(asked)
      const completes = asked.method === 'POST' && /(^|&)uploadId=/.test(asked.query)
      if (!completes || lost > 0) return given
      lost += 1
      throw new Error('The answer is lost.')
    })
    closing.push(() => relay.close())
    const running = await service('urls', relay.endpoint)
    const bytes = randomBytes(2 * partSize)
    const result = await uploaderOf(running).upload(fileOf(bytes)).done
    expect(lost).toBe(1)
    expect(await digestOf(running.store, result.key)).toBe(sha256(bytes))
    expect(await openMultipartKeys(running.store)).toEqual([])
  })

  test('a small file goes as one PUT', async () => {
    const running = await service('role')
    const bytes = randomBytes(mebibyte)
    const result = await uploaderOf(running).upload(fileOf(bytes, '空 格&<b>.bin')).done
    expect(await digestOf(running.store, result.key)).toBe(sha256(bytes))
  })

  test.each(['role', 'urls'] as const)(
    'a second page goes on where the first stopped, by %s',
    async (access) => {
      const running = await service(access)
      const bytes = randomBytes(8 * partSize)
      const first = uploaderOf(running)
      const begun = first.upload(fileOf(bytes))
      await until(begun, ({ progress }) => progress.loaded >= 2 * partSize)
      first.close()

      const resumed = uploaderOf(running).upload(fileOf(bytes, 'renamed.mp4'))
      const result = await resumed.done
      expect(resumed.snapshot.resumedBytes).toBeGreaterThanOrEqual(2 * partSize)
      expect(await digestOf(running.store, result.key)).toBe(sha256(bytes))
    },
  )

  test.each([
    ['of many parts', 3 * partSize + 12_345],
    ['that went as one PUT', mebibyte],
  ])('a file %s that is stored already is recognised by MD5, and not sent again', async (_, size) => {
    const running = await service('role')
    const uploader = uploaderOf(running)
    const file = fileOf(randomBytes(size))
    const first = await uploader.upload(file).done
    const again = await uploader.upload(file, { onDuplicate: 'reuse' }).done
    expect(again).toEqual({ ...first, verified: ['part-md5', 'size'], reused: true })
    await running.store.deleteObject(first.key)
    expect((await uploader.upload(file, { onDuplicate: 'reuse' }).done).key).not.toBe(first.key)
  })

  test('pausing and resuming; cancelling leaves no multipart upload', async () => {
    const running = await service('role')
    const uploader = uploaderOf(running)
    const bytes = randomBytes(6 * partSize)
    const paused = uploader.upload(fileOf(bytes))
    await until(paused, ({ progress }) => progress.loaded > 0)
    paused.pause()
    expect(paused.snapshot.state).toBe('paused')
    paused.resume()
    expect(await digestOf(running.store, (await paused.done).key)).toBe(sha256(bytes))

    const cancelled = uploader.upload(fileOf(randomBytes(6 * partSize)))
    await until(cancelled, ({ progress }) => progress.loaded > 0)
    await cancelled.cancel()
    await expect(cancelled.done).rejects.toMatchObject({ code: 'cancelled' })
    expect(await openMultipartKeys(running.store)).toEqual([])
  })

  test('what a role gives a page writes one key and does nothing else', async () => {
    const { backend, store } = await service('role')
    const { upload, access } = await openAny(backend)
    if (access.mode !== 'credentials') return expect.fail(`credentials, not ${access.mode}`)
    const page = createS3Store({
      location: access.location,
      credentials: access.credentials,
      retry: { attempts: 1 },
    })
    const address = { key: upload.key, uploadId: upload.uploadId ?? '', partNumber: 1 }
    const body = new Uint8Array(partSize)
    expect(await page.uploadPart(address, body)).toHaveProperty('etag')

    const other = `${upload.key}.other`
    const foreign = await store.createMultipartUpload(other)
    for (const key of ['uploads/secret', upload.key]) await store.putObject(key, body.subarray(0, 10))
    const attempts = {
      'a part of another key': page.uploadPart({ ...address, key: other, uploadId: foreign.uploadId }, body),
      'another object': page.putObject(other, body),
      'reading another object': page.getObject('uploads/secret'),
      'reading its own': page.getObject(upload.key),
      'deleting another object': page.deleteObject('uploads/secret'),
      'deleting its own': page.deleteObject(upload.key),
      'listing its parts': page.listParts(upload.key, address.uploadId),
      'ending its upload': page.abortMultipartUpload(upload.key, address.uploadId),
      'listing uploads': openMultipartKeys(page),
      "the bucket's rules": page.getCors(),
    }
    const outcomes = await Promise.all(
      Object.entries(attempts).map(async ([what, attempt]) => [what, await outcomeOf(attempt)]),
    )
    const refused = Object.keys(attempts).map((what) => [what, 403])
    // Release 16 lets a session policy without this action still abort an upload, but only of its own key.
    const onCeph = { 'ending its upload': 'done' }
    expect(Object.fromEntries(outcomes)).toEqual({ ...Object.fromEntries(refused), ...onCeph })
    const endingAnother = page.abortMultipartUpload(other, foreign.uploadId)
    expect(await outcomeOf(endingAnother)).toBe(403)
    expect(await openMultipartKeys(store)).toEqual([other])
  })

  test('a signed URL sends its part and nothing else', async () => {
    const { backend } = await service('urls')
    const { upload, access } = await openAny(backend)
    if (access.mode !== 'urls') return expect.fail(`urls, not ${access.mode}`)
    const url = access.urls[1] ?? ''
    const body = new Uint8Array(upload.partSize)
    const send = async (to: string, method = 'PUT') =>
      (await fetch(to, { method, ...(method === 'PUT' ? { body } : {}) })).status
    expect(await send(url)).toBe(200)
    expect((await fetch(url, { method: 'PUT', body: body.subarray(1) })).status).toBe(403)
    expect(await send(url.replace(upload.key, `${upload.key}.other`))).toBe(403)
    expect(await send(url.replace('partNumber=1&', 'partNumber=2&'))).toBe(403)
    expect(await send(url, 'GET')).toBe(403)
    expect(await send(url, 'DELETE')).toBe(403)
  })
}

const openAny = (backend: UploadBackend) =>
  backend.open(
    { identity: `1:${3 * partSize}:a`, name: 'a.bin', size: 3 * partSize, type: 'video/mp4', partSize },
    new AbortController().signal,
  )

const fileOf = (bytes: Uint8Array<ArrayBuffer>, name = 'film.mp4') =>
  new File([bytes], name, { type: 'video/mp4' })

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function digestOf(store: ObjectStore, key: string): Promise<string> {
  return sha256(new Uint8Array(await (await store.getObject(key)).arrayBuffer()))
}

/** HTTP status of the refusal, or `done` if there was none. */
async function outcomeOf(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt
    return 'done'
  } catch (error) {
    return error instanceof StoreError ? error.status : error
  }
}

async function openMultipartKeys(store: ObjectStore): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.listMultipartUploads('')) keys.push(key)
  return keys
}

function until(upload: Upload, met: (snapshot: UploadSnapshot) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = upload.on('change', (snapshot) => {
      if (!met(snapshot)) return
      stop()
      resolve()
    })
  })
}
