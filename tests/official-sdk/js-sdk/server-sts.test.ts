import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Server } from '@carryon/server'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bucket, nodeClient } from '../support/node-client.js'
import { MiB, sampleBytes, sha256 } from '../support/sample.js'
import { startServer } from '../support/server-under-test.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { allowPages } from './application.js'
import { startChromium } from './chromium.js'
import { servePage, type PageServer, type StsAnswer } from './page-server.js'
import { SdkPage } from './sdk-page.js'

let store: StoreUnderTest
let server: Server
let pages: PageServer
let browser: Browser
let page: SdkPage
/** The user signed in. */
let owner = 'user-42'
beforeAll(async () => {
  store = await startStoreUnderTest()
  await allowPages(store)
  server = await startServer(store, { authorize: () => ({ owner }), stsAllowPrefix: 'own' })
  pages = await servePage(() => server.fetch(new Request('http://127.0.0.1/sts')))
  browser = await startChromium()
})
afterAll(async () => {
  await browser.close()
  await pages.close()
  await server.close()
  await store.close()
})
afterEach(() => page.close())

async function prefixOf(name: string): Promise<string> {
  owner = name
  const answer = (await (await fetch(`${pages.origin}/sts`)).json()) as StsAnswer
  expect(answer).toMatchObject({ bucket: bucket.Bucket, region: bucket.Region })
  return answer.prefix
}

async function pickFile(size: number): Promise<Buffer> {
  const bytes = sampleBytes(size, `server ${size}`)
  const path = join(store.scratch, 'picked.bin')
  await writeFile(path, bytes)
  page = await SdkPage.open(browser, pages.origin, `{Bucket}.cos.{Region}.localhost:${store.port}`)
  await page.pick(path)
  return bytes
}

describe("an app on cos-js-sdk-v5 whose getAuthorization asks the server's GET /sts", () => {
  it.each([
    ['in one piece', 12_345, 0],
    ['in slices', 3 * MiB + 5, 4],
  ])('uploads %s below its own prefix', async (how, size, parts) => {
    const key = `${await prefixOf('user-42')}${how} 续传.bin`
    const bytes = await pickFile(size)
    await page.start(bucket, key)
    expect(await page.outcome()).toMatchObject({ ok: true })
    expect(store.partsStored(key)).toHaveLength(parts)
    const stored = await nodeClient(store).getObject({ ...bucket, Key: key })
    expect(sha256(stored.Body)).toBe(sha256(bytes))
    expect(await page.download(bucket, key)).toBe(sha256(bytes))
  })

  it('cannot write below the prefix of somebody else, nor outside of both', async () => {
    const foreign = await prefixOf('user-43')
    expect(await prefixOf('user-42')).not.toBe(foreign)
    for (const key of [`${foreign}stolen.bin`, 'uploads/stolen.bin', 'stolen.bin']) {
      await pickFile(100)
      await page.start(bucket, key)
      expect(await page.outcome()).toEqual({ ok: false, code: 'AccessDenied', statusCode: 403 })
      await page.close()
    }
  })
})
