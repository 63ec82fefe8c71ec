import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bucket, header, nodeClient } from '../support/node-client.js'
import { openPartGate, type PartGate } from '../support/part-gate.js'
import { crc64, MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const parts = 8
/** Number of parts the SDK sends concurrently: once this many hang, it has processed all earlier responses. */
const lanes = 3
const allParts = Array.from({ length: parts }, (_, index) => index + 1)

let store: StoreUnderTest
let gate: PartGate
beforeAll(async () => {
  store = await startStoreUnderTest()
})
afterAll(() => store.close())
beforeEach(async () => {
  gate = await openPartGate(store.port)
})
afterEach(() => gate.close())

async function fileOf(name: string, bytes: Buffer): Promise<string> {
  const path = join(store.scratch, name)
  await writeFile(path, bytes)
  return path
}

async function expectWhole(cos: COS, Key: string, bytes: Buffer) {
  const got = await cos.getObject({ ...bucket, Key })
  expect(got.Body.equals(bytes)).toBe(true)
  expect(header(got, 'x-cos-hash-crc64ecma')).toBe(await crc64(bytes))
  const open = await cos.multipartList({ ...bucket, Prefix: Key, Delimiter: '' })
  expect(open.Upload).toEqual([])
}

/** Starts a sliced upload through the gate and stops it once the store has acknowledged `count` parts. */
async function stopAfter(count: number, upload: COS.SliceUploadFileParams): Promise<COS> {
  const cos = nodeClient(gate)
  gate.letThrough(count)
  const started = new Promise<string>((resolve) => {
    cos.sliceUploadFile({ ...upload, onTaskReady: resolve }, () => undefined)
  })
  await gate.acknowledged(count)
  await gate.holding(lanes)
  cos.cancelTask(await started)
  await gate.empty()
  return cos
}

describe('cos-nodejs-sdk-v5 sliceUploadFile', () => {
  it('uploads a file in slices, with progress up to the whole', async () => {
    const bytes = sampleBytes((parts - 1) * MiB + 11, 'slices')
    const Key = 'slices/续传.bin'
    const seen: number[] = []
    const cos = nodeClient(store)
    const result = await cos.sliceUploadFile({
      ...bucket,
      Key,
      FilePath: await fileOf('slices.bin', bytes),
      onProgress: (progress) => seen.push(progress.loaded),
    })
    expect(result.statusCode).toBe(200)
    expect(result.ETag).toMatch(/^"[0-9a-f]{32}-8"$/)
    expect(seen.at(-1)).toBe(bytes.length)
    expect([...store.partsStored(Key)].sort()).toEqual(allParts)
    await expectWhole(cos, Key, bytes)
  })

  it('chooses PUT for a small and slices for a large file', async () => {
    const cos = nodeClient(store)
    const small = sampleBytes(MiB, 'small')
    const large = sampleBytes(MiB + 1, 'large')
    await cos.uploadFile({ ...bucket, Key: 'auto/small.bin', FilePath: await fileOf('small.bin', small) })
    await cos.uploadFile({ ...bucket, Key: 'auto/large.bin', FilePath: await fileOf('large.bin', large) })
    expect(store.partsStored('auto/small.bin')).toEqual([])
    expect([...store.partsStored('auto/large.bin')].sort()).toEqual([1, 2])
    await expectWhole(cos, 'auto/small.bin', small)
    await expectWhole(cos, 'auto/large.bin', large)
  })

  it('pauses and restarts, and sends no acknowledged part again', async () => {
    const bytes = sampleBytes(parts * MiB, 'pause')
    const upload = { ...bucket, Key: 'slices/paused.bin', FilePath: await fileOf('pause.bin', bytes) }
    const cos = nodeClient(gate)
    let task = ''
    gate.letThrough(3)
    const done = cos.sliceUploadFile({ ...upload, onTaskReady: (id) => (task = id) })
    await gate.acknowledged(3)
    await gate.holding(lanes)
    cos.pauseTask(task)
    await gate.empty()
    expect(store.partsStored(upload.Key)).toHaveLength(3)

    gate.letThrough(parts)
    cos.restartTask(task)
    await done
    expect([...store.partsStored(upload.Key)].sort()).toEqual(allParts)
    await expectWhole(cos, upload.Key, bytes)
  })

  it.each(['the same client', 'another client'])('resumes in %s after a cancel', async (who) => {
    const bytes = sampleBytes(parts * MiB, `resume in ${who}`)
    const upload = { ...bucket, Key: `slices/${who}.bin`, FilePath: await fileOf('resume.bin', bytes) }
    const first = await stopAfter(5, upload)
    const before = store.partsStored(upload.Key)
    expect(before).toHaveLength(5)

    gate.letThrough(parts)
    const cos = who === 'the same client' ? first : nodeClient(store)
    await cos.sliceUploadFile(upload)
    const sent = store.partsStored(upload.Key)
    expect(sent.slice(0, 5)).toEqual(before)
    expect([...sent].sort()).toEqual(allParts)
    await expectWhole(cos, upload.Key, bytes)
  })

  it('does not mix in the parts of a file that was edited meanwhile', async () => {
    const bytes = sampleBytes(parts * MiB, 'before the edit')
    const Key = 'slices/edited.bin'
    const FilePath = await fileOf('edited.bin', bytes)
    await stopAfter(4, { ...bucket, Key, FilePath })
    const edited = Buffer.from(bytes)
    edited.fill('x', MiB + 5, MiB + 50)
    await writeFile(FilePath, edited)
    // The SDK distinguishes file versions by modification times in whole seconds, and for an unchanged file it trusts
    // stored parts without checking.
    await utimes(FilePath, new Date(), new Date(Date.now() + 60_000))
    const cos = nodeClient(store)
    await cos.sliceUploadFile({ ...bucket, Key, FilePath })
    expect((await cos.getObject({ ...bucket, Key })).Body.equals(edited)).toBe(true)
  })
})
