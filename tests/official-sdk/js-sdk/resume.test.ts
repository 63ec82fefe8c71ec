import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bucket, nodeClient } from '../support/node-client.js'
import { openPartGate, type PartGate } from '../support/part-gate.js'
import { MiB, sampleBytes, sha256 } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { allowPages, sdkCredentials } from './application.js'
import { startChromium } from './chromium.js'
import { servePage, type PageServer } from './page-server.js'
import { SdkPage } from './sdk-page.js'

const parts = 9
/** Number of parts the SDK sends concurrently: once this many hang, it has processed all earlier responses. */
const lanes = 3
const allParts = Array.from({ length: parts }, (_, index) => index + 1)

let store: StoreUnderTest
let pages: PageServer
let browser: Browser
let gate: PartGate
let page: SdkPage
beforeAll(async () => {
  store = await startStoreUnderTest()
  await allowPages(store)
  pages = await servePage(() => sdkCredentials(store, 'web/'))
  browser = await startChromium()
})
afterAll(async () => {
  await browser.close()
  await pages.close()
  await store.close()
})
beforeEach(async () => {
  gate = await openPartGate(store.port)
  page = await SdkPage.open(browser, pages.origin, `{Bucket}.cos.{Region}.localhost:${gate.port}`)
})
afterEach(async () => {
  await page.close()
  await gate.close()
})

/** Starts an upload and lets exactly `reached` parts reach the store; the next ones hang. */
async function startAndHang(key: string, reached: number) {
  const bytes = sampleBytes((parts - 1) * MiB + 77, key)
  const path = join(store.scratch, 'picked.bin')
  await writeFile(path, bytes)
  gate.letThrough(reached)
  await page.pick(path)
  await page.start(bucket, key)
  await gate.acknowledged(reached)
  await gate.holding(lanes)
  return { path, bytes }
}

async function expectWhole(key: string, bytes: Buffer) {
  const cos = nodeClient(store)
  const stored = await cos.getObject({ ...bucket, Key: key })
  expect(sha256(stored.Body)).toBe(sha256(bytes))
  expect((await cos.multipartList({ ...bucket, Prefix: key, Delimiter: '' })).Upload).toEqual([])
}

describe('cos-js-sdk-v5 in Chromium', () => {
  it('pauses, sends nothing meanwhile, and goes on without repeating a part', async () => {
    const key = 'web/paused.bin'
    const { bytes } = await startAndHang(key, 4)
    await page.pause()
    await gate.empty()
    const before = store.partsStored(key)
    expect(before).toHaveLength(4)

    gate.letThrough(parts)
    await page.restart()
    expect(await page.outcome()).toMatchObject({ ok: true })
    const sent = store.partsStored(key)
    expect(sent.slice(0, 4)).toEqual(before)
    expect([...sent].sort()).toEqual(allParts)
    await expectWhole(key, bytes)
  })

  it('resumes after a reload of the page, and sends no stored part again', async () => {
    const key = 'web/reloaded.bin'
    const { path, bytes } = await startAndHang(key, 5)
    await page.reload()
    await gate.empty()
    const before = store.partsStored(key)
    expect(before).toHaveLength(5)

    gate.letThrough(parts)
    await page.pick(path)
    await page.start(bucket, key)
    expect(await page.outcome()).toMatchObject({ ok: true })
    const sent = store.partsStored(key)
    expect(sent.slice(0, 5)).toEqual(before)
    expect([...sent].sort()).toEqual(allParts)
    await expectWhole(key, bytes)
  })

  it('resumes in a page that remembers nothing, from the lists of the store alone', async () => {
    const key = 'web/elsewhere.bin'
    const { path, bytes } = await startAndHang(key, 3)
    await page.close()
    await gate.empty()

    const otherBrowser = await startChromium()
    try {
      page = await SdkPage.open(otherBrowser, pages.origin, `{Bucket}.cos.{Region}.localhost:${gate.port}`)
      gate.letThrough(parts)
      await page.pick(path)
      await page.start(bucket, key)
      expect(await page.outcome()).toMatchObject({ ok: true })
      expect([...store.partsStored(key)].sort()).toEqual(allParts)
      await expectWhole(key, bytes)
    } finally {
      await otherBrowser.close()
    }
  })

  it('cancels: nothing more is sent, and the fragments can be removed', async () => {
    const key = 'web/cancelled.bin'
    await startAndHang(key, 2)
    await page.cancel()
    await gate.empty()
    gate.letThrough(parts)
    const cos = nodeClient(store)
    const open = await cos.multipartList({ ...bucket, Prefix: key, Delimiter: '' })
    expect(open.Upload).toHaveLength(1)
    await page.abortUploads(bucket, key)
    expect((await cos.multipartList({ ...bucket, Prefix: key, Delimiter: '' })).Upload).toEqual([])
    expect(store.partsStored(key)).toHaveLength(2)
  })
})
