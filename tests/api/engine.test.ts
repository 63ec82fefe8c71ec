import { createHash, randomBytes } from 'node:crypto'
import { createUploader } from '@carryon/client'
import type { FileSource, Upload, UploadSnapshot } from '@carryon/client'
import { afterEach, expect, test } from 'vitest'
import { startService } from './support/service.js'
import type { Service } from './support/service.js'

const mebibyte = 2 ** 20
const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function service(options?: Parameters<typeof startService>[0]): Promise<Service> {
  const started = await startService(options)
  closing.push(() => started.close())
  return started
}

function uploaderOf({ backend }: Service, partSize = mebibyte) {
  const uploader = createUploader({ backend, partSize })
  closing.push(() => uploader.close())
  return uploader
}

function fileOf(bytes: Uint8Array<ArrayBuffer>, name = 'film.mp4'): FileSource {
  return new File([bytes], name, { type: 'video/mp4' })
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

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

test.each([
  ['credentials', false],
  ['signed URLs', true],
])('a file arrives whole, by %s', async (_, signedUrls) => {
  const running = await service({ signedUrls })
  const bytes = randomBytes(12 * mebibyte + 12345)
  const result = await uploaderOf(running).upload(fileOf(bytes)).done
  expect(sha256(await running.read(result.key))).toBe(sha256(bytes))
  expect(result.verified).toEqual(['object-crc64', 'part-crc64', 'size'])
  expect(running.local.counters['UploadPart']).toMatchObject({ acknowledged: 13, received: bytes.length })
})

test.each([
  [0, false],
  [1, false],
  [mebibyte, false],
  [0, true],
  [mebibyte, true],
])('a small file of %i bytes goes as one request; by a form: %s', async (size, forms) => {
  const running = await service({ forms })
  const bytes = randomBytes(size)
  const upload = uploaderOf(running).upload(fileOf(bytes, '../空 格&<b>.bin'))
  const result = await upload.done
  expect(sha256(await running.read(result.key))).toBe(sha256(bytes))
  expect(running.local.counters[forms ? 'PostObject' : 'PutObject']?.acknowledged).toBe(1)
  expect(running.local.counters[forms ? 'PutObject' : 'PostObject']).toBeUndefined()
  expect(running.local.counters['UploadPart']).toBeUndefined()
  expect(upload.snapshot).toMatchObject({ state: 'done', progress: { percent: 100 } })
})

test.each([false, true])(
  'a larger one over a line that is not known goes in parts; forms: %s',
  async (forms) => {
    const running = await service({ forms })
    const bytes = randomBytes(5 * mebibyte)
    const result = await uploaderOf(running).upload(fileOf(bytes)).done
    expect(sha256(await running.read(result.key))).toBe(sha256(bytes))
    expect(running.local.counters['UploadPart']).toMatchObject({ acknowledged: 5, received: bytes.length })
    for (const operation of ['PutObject', 'PostObject']) {
      expect(running.local.counters[operation]).toBeUndefined()
    }
  },
)

test('small files whose forms were stored and not answered are taken as they are there', async () => {
  const running = await service({ forms: true })
  running.local.faults?.set({ operation: 'PostObject', fault: { kind: 'lose-answer' } })
  const uploader = uploaderOf(running)
  const contents = Array.from({ length: 8 }, () => randomBytes(20_000))
  const results = await Promise.all(
    contents.map((bytes, index) => uploader.upload(fileOf(bytes, `${index}.jpg`)).done),
  )
  for (const [index, { key }] of results.entries()) {
    expect(sha256(await running.read(key))).toBe(sha256(contents[index] ?? new Uint8Array()))
  }
  const refused = running.local.journal.filter(({ error }) => error === 'FileAlreadyExists')
  expect(refused.length).toBeGreaterThan(0)
  expect(new Set(results.map(({ id }) => id)).size).toBe(contents.length)
})

test('a second page goes on where the first stopped, and sends no acknowledged part again', async () => {
  const running = await service()
  const bytes = randomBytes(20 * mebibyte)
  const first = uploaderOf(running)
  const begun = first.upload(fileOf(bytes))
  await until(begun, ({ progress }) => progress.loaded >= 5 * mebibyte)
  first.close()

  const second = uploaderOf(running)
  const [unfinished] = await second.unfinished()
  expect(unfinished).toMatchObject({ name: 'film.mp4', size: bytes.length })
  const { key, uploadId } = await running.backend.get(unfinished?.id ?? '', new AbortController().signal)
  // Parts the first page had in flight when it was closed may still arrive, but it never heard of them.
  const there = await running.store.listParts(key, uploadId ?? '')
  const resumed = second.upload(fileOf(bytes, 'renamed.mp4'))
  const result = await resumed.done
  expect(sha256(await running.read(result.key))).toBe(sha256(bytes))
  expect(resumed.snapshot.resumedBytes).toBeGreaterThanOrEqual(5 * mebibyte)
  const puts = running.local.journal.filter(({ operation }) => operation === 'UploadPart')
  const times = there.map(({ partNumber }) => puts.filter((put) => put.partNumber === partNumber).length)
  expect(times).toEqual(there.map(() => 1))
  expect(await second.unfinished()).toEqual([])
})

test('an edited copy sends only the parts that differ', async () => {
  const running = await service()
  const bytes = randomBytes(20 * mebibyte)
  const first = uploaderOf(running)
  const begun = first.upload(fileOf(bytes))
  await until(begun, ({ progress }) => progress.loaded >= 10 * mebibyte)
  first.close()
  // Between two ranges sampled for the fingerprint.
  const edited = Buffer.from(bytes)
  edited.fill(7, mebibyte, mebibyte + 100)
  running.local.clearJournal()
  const result = await uploaderOf(running).upload(fileOf(edited)).done
  expect(sha256(await running.read(result.key))).toBe(sha256(edited))
  const sent = running.local.journal.filter(({ operation }) => operation === 'UploadPart')
  expect(sent.filter(({ partNumber }) => partNumber === 2).length).toBe(1)
  // The other half, plus at most what was in flight when the first page was closed.
  expect(sent.length).toBeLessThanOrEqual(11 + 6)
})

test('pausing sends nothing more, resuming goes on', async () => {
  const running = await service()
  const bytes = randomBytes(20 * mebibyte)
  const upload = uploaderOf(running).upload(fileOf(bytes))
  await until(upload, ({ progress }) => progress.loaded > 0)
  upload.pause()
  expect(upload.snapshot.state).toBe('paused')
  upload.resume()
  const result = await upload.done
  expect(sha256(await running.read(result.key))).toBe(sha256(bytes))
})

test('cancelling leaves no multipart upload and no open row', async () => {
  const running = await service()
  const uploader = uploaderOf(running)
  const upload = uploader.upload(fileOf(randomBytes(20 * mebibyte)))
  await until(upload, ({ progress }) => progress.loaded > 0)
  await upload.cancel()
  await expect(upload.done).rejects.toMatchObject({ code: 'cancelled' })
  expect(await uploader.unfinished()).toEqual([])
  const multipartUploads = []
  for await (const multipartUpload of running.store.listMultipartUploads(''))
    multipartUploads.push(multipartUpload)
  expect(multipartUploads).toEqual([])
})

test('the same content picked twice becomes two objects', async () => {
  const running = await service()
  const uploader = uploaderOf(running)
  const bytes = randomBytes(9 * mebibyte)
  const [one, two] = [uploader.upload(fileOf(bytes)), uploader.upload(fileOf(bytes))]
  const results = await Promise.all([one.done, two.done])
  expect(new Set(results.map(({ key }) => key)).size).toBe(2)
})

test('it gets through a store that fails now and then', async () => {
  const running = await service()
  running.local.faults?.set(
    { fault: { kind: 'error', code: 'SlowDown' }, operation: 'UploadPart', times: 2 },
    { fault: { kind: 'reset', afterBytes: 1000 }, operation: 'UploadPart', skip: 3, times: 2 },
    { fault: { kind: 'lose-answer' }, operation: 'UploadPart', skip: 6, times: 2 },
    { fault: { kind: 'error', code: 'ExpiredToken' }, operation: 'UploadPart', skip: 9, times: 1 },
    { fault: { kind: 'late-error', code: 'InternalError' }, operation: 'CompleteMultipartUpload', times: 1 },
  )
  const bytes = randomBytes(20 * mebibyte)
  const result = await uploaderOf(running).upload(fileOf(bytes)).done
  expect(sha256(await running.read(result.key))).toBe(sha256(bytes))
})
