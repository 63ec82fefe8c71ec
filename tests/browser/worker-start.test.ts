import { createHash } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { type PageFrontOptions, startPageFront } from './harness/page-front.js'
import type { Product } from './harness/product.js'
import { MiB } from './harness/test-file.js'
import { UploadPage } from './harness/upload-page.js'

const test = endToEnd()

async function front(product: Product, options: PageFrontOptions) {
  const started = await startPageFront(product.url, options)
  onTestFinished(() => started.close())
  return started
}

/** SHA-256 of a finished file, as its owner downloads it. */
async function sha256Behind(link: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(link, { headers })
  expect(response.status).toBe(200)
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex')
}

test('scripts that come from a CDN start their worker all the same', async ({ product, visitor, files }) => {
  const file = await files.make('from-a-cdn.bin', 40 * MiB, 3)
  const { url, cdnUrl } = await front(product, { fromCdn: true })
  const scripts: string[] = []
  visitor.chromium.context.on('request', (request) => scripts.push(request.url()))
  const uploads = await UploadPage.open(visitor.chromium.page, url)
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect(uploads.page.workers().map((worker) => worker.url().slice(0, 5))).toContain('blob:')
  expect(
    scripts.filter((script) => script.endsWith('.js')).every((script) => script.startsWith(cdnUrl)),
  ).toBe(true)
  expect(await sha256Behind(await row.url(), { cookie: await visitor.cookie() })).toBe(file.sha256)
})

const trusting = "require-trusted-types-for 'script'"
for (const [name, policy, hasWorkers] of [
  ['any policy', trusting, true],
  ['a list of policies that has ours', `${trusting}; trusted-types vue carryon`, true],
  ['a list of policies without ours', `${trusting}; trusted-types vue`, false],
] as const) {
  test(`a page with Trusted Types and ${name} uploads`, async ({ product, visitor, files }) => {
    const file = await files.make('trusted.bin', 40 * MiB, 4)
    const { url } = await front(product, { policy })
    const uploads = await UploadPage.open(visitor.chromium.page, url)
    await uploads.pick(file.path)
    const row = uploads.row(file.path)
    await row.waitFor('done')
    expect(uploads.page.workers().length > 0).toBe(hasWorkers)
    expect(await sha256Behind(await row.url(), { cookie: await visitor.cookie() })).toBe(file.sha256)
  })
}

test('a frame of no origin uploads', async ({ product, visitor, files }) => {
  const file = await files.make('sandboxed.bin', 40 * MiB, 5)
  const opened = await front(product, { policy: 'sandbox allow-scripts' })
  const uploads = await UploadPage.open(visitor.chromium.page, opened.url)
  expect(await uploads.page.evaluate(() => globalThis.origin)).toBe('null')
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  const owner = opened.ownerKey() ?? ''
  expect(await sha256Behind(await row.url(), { 'carryon-owner': owner })).toBe(file.sha256)
})
