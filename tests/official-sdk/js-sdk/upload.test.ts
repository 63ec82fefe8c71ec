import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bucket, header, nodeClient } from '../support/node-client.js'
import { crc64, MiB, sampleBytes, sha256 } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { allowPages, sdkCredentials } from './application.js'
import { startChromium } from './chromium.js'
import { servePage, type PageServer } from './page-server.js'
import { SdkPage } from './sdk-page.js'

let store: StoreUnderTest
let pages: PageServer
beforeAll(async () => {
  store = await startStoreUnderTest()
  await allowPages(store)
  pages = await servePage(() => sdkCredentials(store, 'web/'))
})
afterAll(async () => {
  await pages.close()
  await store.close()
})

async function fileOf(name: string, size: number): Promise<{ path: string; bytes: Buffer }> {
  const bytes = sampleBytes(size, name)
  const path = join(store.scratch, name)
  await writeFile(path, bytes)
  return { path, bytes }
}

/** Host names by which a browser reaches the store, with the browser and SDK settings for each. */
const ways = [
  {
    name: 'the domain {Bucket}.cos.{Region}.localhost',
    hostRules: () => undefined,
    domain: () => `{Bucket}.cos.{Region}.localhost:${store.port}`,
  },
  {
    name: "Tencent's own domain",
    hostRules: () => `MAP *.myqcloud.com ${store.address},MAP *.tencentcos.cn ${store.address}`,
    domain: () => undefined,
  },
]

describe.each(ways)('cos-js-sdk-v5 in Chromium, by $name', ({ name, hostRules, domain }) => {
  let browser: Browser
  let page: SdkPage
  beforeAll(async () => {
    browser = await startChromium(hostRules())
  })
  afterAll(() => browser.close())
  afterEach(() => page.close())

  it.each([
    ['nothing', 0, []],
    ['exactly the slice size', MiB, []],
    ['a little more than the slice size', MiB + 1, [1, 2]],
    ['many slices', 7 * MiB + 123, [1, 2, 3, 4, 5, 6, 7, 8]],
  ])('uploads %s', async (what, size, parts) => {
    const { path, bytes } = await fileOf(`${what}.bin`, size)
    const key = `web/${name}/${what} 续传 a+b.bin`
    page = await SdkPage.open(browser, pages.origin, domain())
    await page.pick(path)
    await page.start(bucket, key)
    const outcome = await page.outcome()
    expect(outcome).toMatchObject({ ok: true, crc64: await crc64(bytes) })
    expect([...store.partsStored(key)].sort()).toEqual(parts)

    const stored = await nodeClient(store).getObject({ ...bucket, Key: key })
    expect(sha256(stored.Body)).toBe(sha256(bytes))
    expect(header(stored, 'x-cos-hash-crc64ecma')).toBe(await crc64(bytes))

    const loaded = await page.progress()
    expect(loaded.at(-1)).toBe(size)
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b))
    expect(await page.download(bucket, key)).toBe(sha256(bytes))
  })

  it('is refused outside its prefix', async () => {
    const { path } = await fileOf('outside.bin', 10)
    page = await SdkPage.open(browser, pages.origin, domain())
    await page.pick(path)
    await page.start(bucket, 'elsewhere/outside.bin')
    expect(await page.outcome()).toEqual({ ok: false, code: 'AccessDenied', statusCode: 403 })
  })
})
