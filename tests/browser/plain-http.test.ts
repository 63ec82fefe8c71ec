import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { bytesStored } from './harness/store-admin.js'
import { MiB } from './harness/test-file.js'
import { UploadPage } from './harness/upload-page.js'

const host = 'files.intranet.test'
const test = endToEnd({ ALLOWED_HOSTS: host })

test('a page on plain http, which has no Web Crypto, says so at open and uploads by part URLs', async ({
  product,
  store,
  arrive,
  files,
}) => {
  const visitor = await arrive({ args: [`--host-resolver-rules=MAP ${host} 127.0.0.1`] })
  const { page } = visitor.chromium
  const file = await files.make('holiday.mp4', 24 * MiB)
  const small = await files.make('note.txt', 10_000, 2)

  const uploads = await UploadPage.open(page, product.url.replace('127.0.0.1', host))
  expect(await page.evaluate(() => [isSecureContext, 'subtle' in crypto])).toEqual([false, false])
  const opens: { name: string; urls?: boolean }[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/uploads')) {
      opens.push(request.postDataJSON() as { name: string; urls?: boolean })
    }
  })
  const before = bytesStored(await store.journal())
  await uploads.pick(file.path, small.path)
  await uploads.row(file.path).waitFor('done')
  await uploads.row(small.path).waitFor('done')
  expect(opens).toContainEqual(expect.objectContaining({ name: 'holiday.mp4', urls: true }))
  // Sent in parts, the small file by a form; the server compared each object's CRC-64 with the one the page declared.
  expect(bytesStored(await store.journal()) - before).toBe(file.size)
})
