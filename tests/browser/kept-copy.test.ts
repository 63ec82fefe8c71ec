import { rm } from 'node:fs/promises'
import { expect } from 'vitest'
import { endToEnd, type Visitor } from './harness/end-to-end.js'
import type { Product } from './harness/product.js'
import { type StoreAdmin, sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'
import { waitForCopy } from './harness/kept-copy.js'
import { UploadPage } from './harness/upload-page.js'

const test = endToEnd()

/** Uploads until at least half of the file is stored and the rest is kept, then kills every process of the browser. */
async function killHalfway(visitor: Visitor, store: StoreAdmin, path: string): Promise<void> {
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(path)
  await uploads.row(path).waitForPercent(45)
  await waitForCopy(uploads.page)
  await visitor.chromium.kill()
  await store.heal()
}

async function comeBack(visitor: Visitor, product: Product): Promise<UploadPage> {
  return UploadPage.open(await visitor.chromium.relaunch(), product.url)
}

test('killed halfway, the upload goes on by itself, without a pick', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('film.mkv', 192 * MiB)
  await killHalfway(visitor, store, file.path)
  const again = await comeBack(visitor, product)
  await again.unfinishedRow(file.path).locator.waitFor()
  const storedBefore = await store.acknowledgements()
  const row = again.row(file.path)
  await row.waitFor('done')

  const acknowledgements = await store.acknowledgements()
  expect(storedBefore.size).toBeGreaterThan(0.4 * acknowledgements.size)
  expect(sentAgain(storedBefore, acknowledgements)).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('the original deleted after the kill: the kept copy finishes it', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('deleted-since.bin', 128 * MiB, 2)
  await killHalfway(visitor, store, file.path)
  await rm(file.path)
  const again = await comeBack(visitor, product)
  const row = again.row(file.path)
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})
