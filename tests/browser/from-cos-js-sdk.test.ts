import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Server } from '@carryon/server'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { root } from '../../scripts/workspace.mjs'
import { allowPages, sdkCredentials } from '../official-sdk/js-sdk/application.js'
import { bucket, nodeClient } from '../official-sdk/support/node-client.js'
import { openPartGate, type PartGate } from '../official-sdk/support/part-gate.js'
import { MiB, sampleBytes, sha256 } from '../official-sdk/support/sample.js'
import { startServer } from '../official-sdk/support/server-under-test.js'
import {
  account,
  startStoreUnderTest,
  type StoreUnderTest,
} from '../official-sdk/support/store-under-test.js'
import { bundlePage } from './harness/bundled-page.js'
import { launchChromium, type Chromium } from './harness/chromium.js'
import { waitForCopy } from './harness/kept-copy.js'
import { type PageApplication, servePages } from './harness/page-application.js'

const guide = readFileSync(join(root, 'docs/guides/from-cos-js-sdk.md'), 'utf8')
/** The script of the guide's page, before migration and after each step. */
const steps = [...guide.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code)
const body = '<input id="file" type="file"><p id="state"></p>'

let store: StoreUnderTest
let server: Server
let gate: PartGate
let chromium: Chromium
let application: PageApplication
beforeAll(async () => {
  store = await startStoreUnderTest()
  await allowPages(store)
  gate = await openPartGate(store.port)
  // The pages use COS's own host names; map them to the store.
  chromium = await launchChromium({
    args: [`--host-resolver-rules=MAP *.myqcloud.com 127.0.0.1:${gate.port}`],
  })
  server = await startServer(store)
  application = await servePages(new Map(), (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/sts') return sdkCredentials(store, 'uploads/').then((answer) => Response.json(answer))
    return pathname.startsWith('/api/') ? Promise.resolve(server.fetch(request)) : null
  })
})
afterAll(async () => {
  await chromium.remove()
  await application.close()
  await gate.close()
  await server.close()
  await store.close()
})
beforeEach(() => store.faults())

/** Opens the guide's page as it is after a step; only the bucket is replaced by this store's. */
async function openStep(index: number): Promise<Page> {
  const code = (steps[index] ?? '').replaceAll('examplebucket-1250000000', account.bucket)
  // Without the SDK's options the page uses https, which this store does not support.
  const endpoint = `http://${account.bucket}.cos.${account.region}.myqcloud.com`
  const source = code.replace("region: 'ap-guangzhou' }", `region: 'ap-guangzhou', endpoint: '${endpoint}' }`)
  application.files = await bundlePage(body, source)
  const page = await chromium.context.newPage()
  onTestFinished(() => page.close())
  await page.goto(application.url)
  return page
}

async function makeFile(name: string, size: number) {
  const bytes = sampleBytes(size, name)
  const path = join(store.scratch, name)
  await writeFile(path, bytes)
  return { path, sha256: sha256(bytes) }
}

/** The address shown by the page, once there is one. */
async function address(page: Page): Promise<string> {
  await expect.poll(() => page.locator('#state').textContent(), { timeout: 60_000 }).toMatch(/^https?:/)
  return (await page.locator('#state').textContent()) ?? ''
}

async function expectStored(url: string, expected: string): Promise<string> {
  const key = decodeURIComponent(new URL(url).pathname.slice(1))
  const { Body } = await nodeClient(store).getObject({ ...bucket, Key: key })
  expect(sha256(Body)).toBe(expected)
  return key
}

test('the steps write few lines, and take away more', () => {
  const written = [1, 2, 3].map((index) =>
    linesIn(steps[index]).filter((line) => !linesIn(steps[index - 1]).includes(line)),
  )
  const gone = [1, 2, 3].map((index) =>
    linesIn(steps[index - 1]).filter((line) => !linesIn(steps[index]).includes(line)),
  )
  expect(steps).toHaveLength(5)
  expect(written.every((lines) => lines.length > 0)).toBe(true)
  expect(written.flat().length).toBeLessThanOrEqual(20)
  expect(gone.flat().length).toBeGreaterThan(written.flat().length)
})

function linesIn(code = ''): readonly string[] {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line))
}

test('the page on STS alone, refreshed at 40 %, goes on by itself and sends nothing twice', async () => {
  const page = await openStep(3)
  const file = await makeFile('film.mp4', 10 * MiB)
  gate.letThrough(4)
  await page.setInputFiles('#file', file.path)
  await gate.acknowledged(4)
  await gate.holding(1)
  await expect.poll(() => page.locator('#state').textContent()).toMatch(/^4\d %$/)
  await waitForCopy(page)
  await page.reload()
  await gate.empty()
  gate.letThrough(100)
  const key = await expectStored(await address(page), file.sha256)
  const sent = store.partsStored(key)
  expect(sent.length).toBeGreaterThan(4)
  expect(new Set(sent).size).toBe(sent.length)
  const { Upload } = await nodeClient(store).multipartList({ ...bucket, Prefix: '', Delimiter: '' })
  expect(Upload).toEqual([])
})

test("the page on Tencent's SDK uploads", async () => {
  gate.letThrough(100)
  const page = await openStep(0)
  const file = await makeFile('before.bin', 5 * MiB + 3)
  await page.setInputFiles('#file', file.path)
  await expectStored(await address(page), file.sha256)
})

test.each([1, 2, 3])('the page uploads after step %i', async (step) => {
  gate.letThrough(100)
  const page = await openStep(step)
  const file = await makeFile(`step ${step}.bin`, 10 * MiB + step)
  await page.setInputFiles('#file', file.path)
  const key = await expectStored(await address(page), file.sha256)
  expect(key).toMatch(/^uploads\/\d{4}\/\d\d\/\d\d\/[\w-]{22}\/step_\d\.bin$/)
})

test('the page uploads by a server after step 4', async () => {
  const page = await openStep(4)
  const file = await makeFile('step 4.bin', 10 * MiB + 4)
  await page.setInputFiles('#file', file.path)
  expect(await address(page)).toMatch(/\/api\/uploads\/[\w-]+\/object$/)
  const { Contents } = await nodeClient(store).getBucket({ ...bucket, Prefix: 'uploads/' })
  const key = Contents.map(({ Key }) => Key).find((one) => one.endsWith('/step_4.bin')) ?? ''
  expect(sha256((await nodeClient(store).getObject({ ...bucket, Key: key })).Body)).toBe(file.sha256)
})
