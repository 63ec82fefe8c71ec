import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { listUploads } from './harness/register.js'
import { sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'
import { UploadPage } from './harness/upload-page.js'

const test = endToEnd()

test('the same file in a second tab waits for the first, takes over when it is closed, and nothing goes twice', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('tabs.bin', 96 * MiB)
  const first = await visitor.open()
  await store.slowDown()
  await first.pick(file.path)
  await first.row(file.path).waitForPercent(20)

  const second = await UploadPage.open(await visitor.chromium.context.newPage(), product.url)
  await second.pick(file.path)
  const row = second.row(file.path)
  await row.waitFor('waiting')
  const before = await store.acknowledgements()
  await first.page.close()
  await row.waitFor('uploading')
  await store.heal()
  await row.waitFor('done')

  expect(sentAgain(before, await store.acknowledgements())).toEqual([])
  expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
  expect(await listUploads(product.url, await visitor.cookie(), 'done')).toHaveLength(1)
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})
