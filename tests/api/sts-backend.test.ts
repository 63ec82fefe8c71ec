import { join } from 'node:path'
import {
  createUploader,
  type Upload,
  type UploadBackend,
  type Uploader,
  type UploaderOptions,
} from '@carryon/client'
import { fileMemory } from '@carryon/client/node'
import { stsBackend, type StsBackendOptions } from '@carryon/client/sts'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { bucket, nodeClient } from '../official-sdk/support/node-client.js'
import { md5Base64, MiB, sampleBytes, sha256 } from '../official-sdk/support/sample.js'
import {
  helpfulActions,
  keptRecords,
  neededActions,
  startStsApplication,
  type StsApplication,
} from './support/sts-application.js'

let app: StsApplication
beforeAll(async () => {
  app = await startStsApplication()
})
afterAll(() => app.close())

const open: Uploader[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const uploader of open.splice(0)) uploader.close()
  app.store.faults()
  // A failed test must not affect the others.
  for (const Key of new Set(await openUploads()))
    await nodeClient(app.store).abortUploadTask({ ...bucket, Key, Level: 'file' })
})

function backendOf(options: Partial<StsBackendOptions> = {}): UploadBackend {
  return stsBackend({ ...app.place, getCredentials: () => app.issue(), records: keptRecords(), ...options })
}

function uploaderOf(options: Partial<StsBackendOptions> = {}, more: Partial<UploaderOptions> = {}): Uploader {
  const retry = { firstDelay: 1, longestDelay: 1, giveUpAfter: 0 }
  const uploader = createUploader({ backend: backendOf(options), retry, ...more })
  open.push(uploader)
  return uploader
}

async function storedAt(key: string): Promise<Buffer> {
  return (await nodeClient(app.store).getObject({ ...bucket, Key: key })).Body
}

async function openUploads(): Promise<readonly string[]> {
  const { Upload } = await nodeClient(app.store).multipartList({ ...bucket, Prefix: '', Delimiter: '' })
  return Upload.map(({ Key }) => Key)
}

/** Resolves once `met` no longer rejects. */
function soon(met: () => Promise<void> | void): Promise<void> {
  return vi.waitFor(met, { timeout: 20_000 })
}

/** Resolves once something of the upload is stored. */
function begun(upload: Upload): Promise<void> {
  return new Promise((resolve) => {
    upload.on('change', ({ progress }) => {
      if (progress.loaded > 0) resolve()
    })
  })
}

const never = new AbortController().signal
const opening = (size: number) => ({ identity: `1:${size}:a`, name: 'a.bin', size, grows: true })

describe('an application that has nothing but an STS endpoint', () => {
  it.each([
    ['an empty one', 0],
    ['a small one', 12_345],
    ['one of many parts', 20 * MiB + 7],
  ])('stores a file below the prefix, with date, random characters and name: %s', async (what, size) => {
    const bytes = sampleBytes(size, what)
    const { key, crc64, verified, url } = await uploaderOf().upload(
      new File([new Uint8Array(bytes)], 'dir/Mein Film (1)?.mp4'),
    ).done
    expect(key).toMatch(/^uploads\/\d{4}\/\d\d\/\d\d\/[\w-]{22}\/Mein_Film_\(1\)_\.mp4$/)
    expect(url).toContain(encodeURIComponent('Mein_Film_(1)_.mp4'))
    expect(sha256(await storedAt(key))).toBe(sha256(bytes))
    expect(crc64).not.toBeNull()
    expect(verified).toContain('object-crc64')
    expect(await openUploads()).toEqual([])
  })

  it('resumes what an earlier page of this browser has left, found by content under another name', async () => {
    const records = keptRecords()
    const bytes = new Uint8Array(sampleBytes(20 * MiB, 'resumed'))
    const first = uploaderOf({ records })
    await begun(first.upload(new File([bytes], 'before.mp4')))
    first.close()
    expect(await uploaderOf({ records }).unfinished()).toMatchObject([{ name: 'before.mp4' }])
    const second = uploaderOf({ records }).upload(new File([bytes], 'after.mp4'))
    const { key } = await second.done
    expect(second.snapshot.resumedBytes).toBeGreaterThan(0)
    expect(sha256(await storedAt(key))).toBe(sha256(Buffer.from(bytes)))
    expect(await openUploads()).toEqual([])
  })

  it('shows nothing to another person who signs in, and continues nothing of the first', async () => {
    const records = keptRecords()
    const backend = backendOf({ records, owner: 'anna' })
    const { upload } = await backend.open(opening(2 * MiB), never)
    const other = backendOf({ records, owner: 'ben' })
    expect((await other.list({ state: 'open' }, never)).uploads).toEqual([])
    await expect(other.get(upload.id, never)).rejects.toMatchObject({ code: 'not-found' })
    const theirs = await other.open(opening(2 * MiB), never)
    expect(theirs.upload.key).not.toBe(upload.key)
    await other.cancel(upload.id, never)
    expect((await backend.list({ state: 'open' }, never)).uploads).toHaveLength(1)
    await backend.cancel(upload.id, never)
    await other.cancel(theirs.upload.id, never)
  })

  it('opens one upload for opens at the same time', async () => {
    const backend = backendOf()
    const opened = await Promise.all(Array.from({ length: 3 }, () => backend.open(opening(2 * MiB), never)))
    expect(new Set(opened.map(({ upload }) => upload.id)).size).toBe(1)
    expect(await openUploads()).toHaveLength(1)
    await backend.cancel(opened[0]?.upload.id ?? '', never)
    expect(await openUploads()).toEqual([])
  })

  it('finds an upload again that was started and not written down before a crash', async () => {
    const records = keptRecords()
    const { upload } = await backendOf({ records }).open(opening(2 * MiB), never)
    const [record] = records.kept.values()
    if (record === undefined) throw new Error('There is no record.')
    records.kept.set(record.id, { ...record, upload: { ...record.upload, uploadId: null } })
    const again = await backendOf({ records }).open(opening(2 * MiB), never)
    expect(again.upload.uploadId).toBe(upload.uploadId)
    expect(await openUploads()).toHaveLength(1)
    await backendOf({ records }).cancel(upload.id, never)
  })

  it('is done when only the answer to complete was lost, now and after a reload', async () => {
    const bytes = new Uint8Array(sampleBytes(9 * MiB, 'lost'))
    app.store.faults({ operation: 'CompleteMultipartUpload', fault: { kind: 'lose-answer' }, times: 1 })
    const { key } = await uploaderOf().upload(new File([bytes], 'lost.bin')).done
    expect(sha256(await storedAt(key))).toBe(sha256(Buffer.from(bytes)))

    const records = keptRecords()
    const uploader = uploaderOf({ records })
    app.store.faults(
      { operation: 'CompleteMultipartUpload', fault: { kind: 'lose-answer' }, times: 1 },
      { operation: 'HeadObject', fault: { kind: 'hang' } },
    )
    const upload = uploader.upload(new File([new Uint8Array(sampleBytes(9 * MiB, 'reload'))], 'b.bin'))
    await soon(() => {
      expect([...records.kept.values()][0]?.declared).toBeDefined()
    })
    upload.pause()
    uploader.close()
    await soon(async () => {
      expect(await openUploads()).toEqual([])
    })
    app.store.faults()
    const [record] = records.kept.values()
    const later = await backendOf({ records }).get(record?.id ?? '', never)
    expect(later).toMatchObject({ state: 'done', size: 9 * MiB })
  })

  it('goes on where an edit left most of a file as it was', async () => {
    const records = keptRecords()
    const memory = fileMemory(join(app.store.scratch, 'memory.jsonl'))
    const bytes = new Uint8Array(sampleBytes(20 * MiB, 'edited'))
    const first = uploaderOf({ records }, { memory })
    await begun(first.upload(new File([bytes], 'film.mp4')))
    first.close()
    const edited = new Uint8Array([...bytes.subarray(0, 20 * MiB - 5), 1, 2, 3])
    const second = uploaderOf({ records }, { memory }).upload(new File([edited], 'film.mp4'))
    const { key } = await second.done
    expect(sha256(await storedAt(key))).toBe(sha256(Buffer.from(edited)))
    expect(second.snapshot.resumedBytes).toBeGreaterThan(0)
    expect(await openUploads()).toEqual([])
  })

  it('names the parts that the store lacks', async () => {
    const backend = backendOf()
    const { upload } = await backend.open(opening(2 * MiB), never)
    const etags = ['0'.repeat(32), '1'.repeat(32)]
    const asked = backend.complete(upload.id, { size: 2 * MiB, crc64: '1', etags }, never)
    await expect(asked).rejects.toMatchObject({ code: 'parts-mismatch', partNumbers: [1, 2] })
    await expect(backend.complete(upload.id, { size: 3, etags }, never)).rejects.toMatchObject({
      code: 'invalid-request',
    })
    await backend.cancel(upload.id, never)
  })

  it('removes an object that is not what was declared', async () => {
    const records = keptRecords()
    const backend = backendOf({ records })
    const bytes = sampleBytes(100, 'declared')
    const request = { ...opening(100), md5: md5Base64(bytes) }
    const { upload, access } = await backend.open(request, never)
    if (access.mode !== 'put') throw new Error(`The grant is ${access.mode}.`)
    const put = (body: Uint8Array) =>
      fetch(access.url, { method: 'PUT', headers: access.headers, body: new Uint8Array(body) })
    expect((await put(sampleBytes(100, 'other'))).status).toBe(400)
    expect((await put(bytes)).status).toBe(200)
    const asked = backend.complete(upload.id, { size: 100, crc64: '7' }, never)
    await expect(asked).rejects.toMatchObject({ code: 'checksum-mismatch' })
    await expect(storedAt(upload.key)).rejects.toMatchObject({ statusCode: 404 })
  })

  it('ends unfinished uploads that are too old', async () => {
    const records = keptRecords()
    const { upload } = await backendOf({ records, expireDays: 1 }).open(opening(2 * MiB), never)
    const [record] = records.kept.values()
    if (record === undefined) throw new Error('There is no record.')
    records.kept.set(record.id, { ...record, upload: { ...upload, expiresAt: new Date(0).toISOString() } })
    expect((await backendOf({ records }).list({ state: 'open' }, never)).uploads).toEqual([])
    await soon(async () => {
      expect(await openUploads()).toEqual([])
      expect(records.kept.size).toBe(0)
    })
  })
})

describe('the policy', () => {
  it('is enough with the actions that the documentation calls needed', async () => {
    const bytes = new Uint8Array(sampleBytes(9 * MiB, 'least'))
    const uploader = uploaderOf({ getCredentials: () => app.issue(neededActions) })
    const large = await uploader.upload(new File([bytes], 'large.bin')).done
    expect(sha256(await storedAt(large.key))).toBe(sha256(Buffer.from(bytes)))
    const small = await uploader.upload(new File([bytes.subarray(0, 99)], 'small.bin')).done
    expect((await storedAt(small.key)).length).toBe(99)
  })

  it.each(['InitiateMultipartUpload', 'CompleteMultipartUpload'])(
    'that lacks %s is named',
    async (lacking) => {
      const actions = [...neededActions, ...helpfulActions].filter((one) => !one.endsWith(`:${lacking}`))
      const { done } = uploaderOf({ getCredentials: () => app.issue(actions) }).upload(
        new File([new Uint8Array(sampleBytes(9 * MiB, lacking))], 'a.bin'),
      )
      await expect(done).rejects.toMatchObject({
        code: 'store-denied',
        message: expect.stringContaining(`name/cos:${lacking}`) as string,
      })
      for (const Key of await openUploads()) {
        await nodeClient(app.store).abortUploadTask({ ...bucket, Key, Level: 'file' })
      }
    },
  )

  it('that lacks the right to abort is named by a cancel, and the upload stays on record', async () => {
    const records = keptRecords()
    const actions = neededActions.filter((one) => !one.includes('Abort'))
    const backend = backendOf({ records, getCredentials: () => app.issue(actions) })
    const { upload } = await backend.open(opening(2 * MiB), never)
    await expect(backend.cancel(upload.id, never)).rejects.toMatchObject({
      code: 'store-denied',
      message: expect.stringContaining('name/cos:AbortMultipartUpload') as string,
    })
    await backendOf({ records }).cancel(upload.id, never)
    expect(await openUploads()).toEqual([])
  })

  it('that does not allow to look for objects lets a complete be made again after a reload', async () => {
    const records = keptRecords()
    const options = { records, getCredentials: () => app.issue(neededActions) }
    const bytes = new Uint8Array(sampleBytes(9 * MiB, 'again'))
    app.store.faults({
      operation: 'CompleteMultipartUpload',
      fault: { kind: 'error', code: 'InternalError' },
    })
    const first = uploaderOf(options)
    await expect(first.upload(new File([bytes], 'a.bin')).done).rejects.toMatchObject({
      code: 'store-unavailable',
    })
    first.close()
    app.store.faults()
    const upload = uploaderOf(options).upload(new File([bytes], 'a.bin'))
    const { key } = await upload.done
    expect(upload.snapshot.resumedBytes).toBe(9 * MiB)
    expect(sha256(await storedAt(key))).toBe(sha256(Buffer.from(bytes)))
  })

  it('that does not allow to look for objects is named where only that could tell what became of one', async () => {
    const records = keptRecords()
    const options = { records, getCredentials: () => app.issue(neededActions) }
    const bytes = new Uint8Array(sampleBytes(9 * MiB, 'unknown'))
    app.store.faults({ operation: 'CompleteMultipartUpload', fault: { kind: 'lose-answer' }, times: 1 })
    const { done } = uploaderOf(options).upload(new File([bytes], 'a.bin'))
    await expect(done).rejects.toMatchObject({
      code: 'store-denied',
      message: expect.stringContaining('name/cos:HeadObject') as string,
    })
    const again = uploaderOf({ records }).upload(new File([bytes], 'a.bin'))
    expect(sha256(await storedAt((await again.done).key))).toBe(sha256(Buffer.from(bytes)))
    expect(await openUploads()).toEqual([])
  })

  it('may be for the one key that the endpoint is told', async () => {
    const asked: (string | null)[] = []
    const getCredentials = ({ key }: { readonly key: string | null }) => {
      asked.push(key)
      return app.issue([...neededActions, ...helpfulActions], key ?? 'nothing')
    }
    const bytes = new Uint8Array(sampleBytes(9 * MiB, 'own key'))
    const { key } = await uploaderOf({ getCredentials, scope: 'key' }).upload(new File([bytes], 'a.bin')).done
    expect(sha256(await storedAt(key))).toBe(sha256(Buffer.from(bytes)))
    expect(new Set(asked)).toEqual(new Set([key]))
  })
})

describe('the credentials', () => {
  it('are asked for once for many files, and again when the store has refused them', async () => {
    const getCredentials = vi.fn(() => app.issue())
    const uploader = uploaderOf({ getCredentials })
    const file = (name: string) => new File([new Uint8Array(sampleBytes(9 * MiB, name))], name)
    await Promise.all(['a', 'b', 'c'].map((name) => uploader.upload(file(name)).done))
    expect(getCredentials).toHaveBeenCalledTimes(1)
    app.store.faults({ operation: 'UploadPart', fault: { kind: 'error', code: 'ExpiredToken' }, times: 1 })
    await uploader.upload(file('d')).done
    expect(getCredentials).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['a day slow', 86_400_000],
    ['a day fast', -86_400_000],
  ])('work on a device whose clock is %s', async (_, offset) => {
    let ahead = 0
    const elsewhere = await startStsApplication(() => Date.now() + ahead)
    try {
      // The application's server has the store's time; only the device's clock is off.
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offset })
      const issued = await elsewhere.issue()
      vi.useRealTimers()
      ahead = offset
      expect(Math.abs(issued.startTime - Date.now() / 1000)).toBeGreaterThan(80_000)
      const bytes = new Uint8Array(sampleBytes(9 * MiB, 'clock'))
      const uploader = uploaderOf({ ...elsewhere.place, getCredentials: () => issued })
      const { key } = await uploader.upload(new File([bytes], 'a.bin')).done
      ahead = 0
      const { Body } = await nodeClient(elsewhere.store).getObject({ ...bucket, Key: key })
      expect(sha256(Body)).toBe(sha256(Buffer.from(bytes)))
    } finally {
      vi.useRealTimers()
      await elsewhere.close()
    }
  })

  it('that the endpoint has kept for too long are named, with the time of their end', async () => {
    const fresh = await app.issue()
    const old = { ...fresh, startTime: fresh.startTime - 7200, expiredTime: fresh.expiredTime - 7200 }
    const { done } = uploaderOf({ getCredentials: () => old }).upload(
      new File([new Uint8Array(sampleBytes(9 * MiB, 'old'))], 'a.bin'),
    )
    await expect(done).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining(new Date(old.expiredTime * 1000).toISOString()) as string,
    })
  })

  it.each([
    ['a page', () => '<!doctype html><title>Sign in</title>', 'unexpected-answer', 'Sign in'],
    [
      'a page as an answer',
      () => new Response('<h1>Welcome</h1>', { headers: { 'content-type': 'text/html' } }),
      'unexpected-answer',
      'answered 200 (text/html): "Welcome"',
    ],
    ['an answer of 401', () => new Response('', { status: 401 }), 'unauthorized', 'Sign in again'],
    ['nothing', () => undefined, 'internal', 'answered undefined'],
    ['a number', () => 5, 'internal', 'answered number'],
    ['an empty object', () => ({}), 'internal', 'without credentials.tmpSecretId'],
    [
      'a permanent key',
      async () => ({ ...(await app.issue()), credentials: { tmpSecretId: 'AKID', tmpSecretKey: 'x' } }),
      'internal',
      'must never be in a page',
    ],
    [
      'no end',
      async () => ({ ...(await app.issue()), expiredTime: undefined }),
      'internal',
      'without expiredTime',
    ],
    [
      'milliseconds',
      async () => ({ ...(await app.issue()), expiredTime: Date.now() }),
      'internal',
      'counts milliseconds',
    ],
    [
      'an end before the start',
      async () => ({ ...(await app.issue()), expiredTime: 1000 }),
      'internal',
      'not after its "startTime"',
    ],
    [
      'an error of STS',
      () => ({ Response: { Error: { Code: 'AuthFailure', Message: 'no such key' } } }),
      'internal',
      'AuthFailure, no such key',
    ],
    [
      'an error',
      () => {
        throw new Error('the vault is closed')
      },
      'internal',
      'the vault is closed',
    ],
  ])('that are none are said in words: %s', async (_, getCredentials, code, words) => {
    const { done } = uploaderOf({ getCredentials }).upload(new File(['abc'], 'a.txt'))
    await expect(done).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string })
  })

  it.each(['an address', 'a function'])(
    'are asked for again where the answer is cut short: %s',
    async (how) => {
      const cut = async () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.error(new TypeError('Error in body stream')),
          }),
        )
      const options = how === 'a function' ? { getCredentials: cut } : { getCredentials: '/sts', fetch: cut }
      await expect(backendOf(options).open(opening(9), never)).rejects.toMatchObject({ code: 'network' })
    },
  )

  it.each([
    [
      "the names of the SDK's callback",
      (a: Answer) => ({
        TmpSecretId: a.id,
        TmpSecretKey: a.key,
        SecurityToken: a.token,
        StartTime: a.start,
        ExpiredTime: a.end,
      }),
    ],
    [
      "the answer of Tencent's API",
      (a: Answer) => ({
        Response: {
          Credentials: { TmpSecretId: a.id, TmpSecretKey: a.key, Token: a.token },
          ExpiredTime: a.end,
        },
      }),
    ],
  ])('may have %s', async (_, shape) => {
    const getCredentials = async () => {
      const { credentials, startTime: start, expiredTime: end } = await app.issue()
      const { tmpSecretId: id, tmpSecretKey: key, sessionToken: token } = credentials
      return shape({ id, key, token, start, end })
    }
    const { key } = await uploaderOf({ getCredentials }).upload(new File(['abc'], 'a.txt')).done
    expect((await storedAt(key)).toString()).toBe('abc')
  })

  it('need a bucket and a region, from the page or from the endpoint', async () => {
    const { endpoint } = app.place
    const backend = stsBackend({ endpoint, getCredentials: () => app.issue(), records: keptRecords() })
    await expect(backend.open(opening(9), never)).rejects.toMatchObject({
      code: 'page-error',
      message: expect.stringContaining('"bucket"') as string,
    })
    const answer = async () => ({ ...(await app.issue()), ...app.place, prefix: 'uploads/anna/' })
    const told = stsBackend({ endpoint, getCredentials: answer, records: keptRecords() })
    const { upload } = await told.open(opening(2 * MiB), never)
    expect(upload.key).toMatch(/^uploads\/anna\/\d{4}\//)
    await told.cancel(upload.id, never)
  })
})

interface Answer {
  readonly id: string
  readonly key: string
  readonly token: string
  readonly start: number
  readonly end: number
}
