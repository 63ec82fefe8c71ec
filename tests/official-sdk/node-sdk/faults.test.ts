import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FaultRule } from '@carryon/local-cos'
import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, nodeClient } from '../support/node-client.js'
import { MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const bytes = sampleBytes(3 * MiB + 9, 'faults')

let store: StoreUnderTest
let cos: COS
let FilePath: string
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
  FilePath = join(store.scratch, 'faults.bin')
  await writeFile(FilePath, bytes)
})
afterAll(() => store.close())
afterEach(() => store.faults())

/** Creates an upload of one part, ready to be completed. */
async function readyToComplete(Key: string) {
  const object = { ...bucket, Key }
  const { UploadId } = await cos.multipartInit(object)
  const { ETag } = await cos.multipartUpload({ ...object, UploadId, PartNumber: 1, Body: bytes })
  return { object, complete: { ...object, UploadId, Parts: [{ PartNumber: 1, ETag }] } }
}

describe('cos-nodejs-sdk-v5 gets over', () => {
  it.each<[string, FaultRule]>([
    ['SlowDown', { operation: 'UploadPart', times: 2, fault: { kind: 'error', code: 'SlowDown' } }],
    ['InternalError', { operation: 'UploadPart', times: 2, fault: { kind: 'error', code: 'InternalError' } }],
    [
      'a reset amid a part',
      { operation: 'UploadPart', times: 1, fault: { kind: 'reset', afterBytes: 5000 } },
    ],
    ['a lost answer', { operation: 'UploadPart', partNumber: 2, times: 1, fault: { kind: 'lose-answer' } }],
    [
      'a refused complete',
      {
        operation: 'CompleteMultipartUpload',
        times: 1,
        fault: { kind: 'error', code: 'ServiceUnavailable' },
      },
    ],
  ])('%s', async (name, rule) => {
    const Key = `faults/${name}.bin`
    store.faults(rule)
    await cos.sliceUploadFile({ ...bucket, Key, FilePath })
    expect((await cos.getObject({ ...bucket, Key })).Body.equals(bytes)).toBe(true)
  })

  it('a store whose clock is an hour off', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    store.faults({ fault: { kind: 'clock-skew', seconds: 3600 } })
    const Key = 'faults/skewed.bin'
    await nodeClient(store).sliceUploadFile({ ...bucket, Key, FilePath })
    expect(told).toHaveBeenCalledWith('error: Local time is too skewed.')
    told.mockRestore()
    store.faults()
    expect((await cos.getObject({ ...bucket, Key })).Body.equals(bytes)).toBe(true)
  })
})

describe('a complete', () => {
  it('that takes its time is waited for through the blanks', async () => {
    const { object, complete } = await readyToComplete('faults/slow.bin')
    store.faults({
      operation: 'CompleteMultipartUpload',
      fault: { kind: 'slow-complete', milliseconds: 1500 },
    })
    expect((await cos.multipartComplete(complete)).ETag).toMatch(/^"[0-9a-f]{32}-1"$/)
    expect((await cos.getObject(object)).Body.equals(bytes)).toBe(true)
  })

  it('that fails after its 200 is an error, and can be tried again', async () => {
    const { object, complete } = await readyToComplete('faults/late.bin')
    store.faults({
      operation: 'CompleteMultipartUpload',
      times: 1,
      fault: { kind: 'late-error', code: 'InternalError' },
    })
    expect(await failureOf(cos.multipartComplete(complete))).toMatchObject({
      statusCode: 200,
      code: 'InternalError',
    })
    expect(await failureOf(cos.headObject(object))).toMatchObject({ statusCode: 404 })
    await cos.multipartComplete(complete)
    expect((await cos.getObject(object)).Body.equals(bytes)).toBe(true)
  })

  it('whose answer was lost is NoSuchUpload the second time, and the object is there', async () => {
    const { object, complete } = await readyToComplete('faults/lost.bin')
    store.faults({ operation: 'CompleteMultipartUpload', times: 1, fault: { kind: 'lose-answer' } })
    expect(await failureOf(cos.multipartComplete(complete))).toMatchObject({
      statusCode: 404,
      code: 'NoSuchUpload',
    })
    expect((await cos.getObject(object)).Body.equals(bytes)).toBe(true)
  })
})
