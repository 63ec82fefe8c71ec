import { rm } from 'node:fs/promises'
import { expect } from 'vitest'
import { endToEnd, type Visitor } from './harness/end-to-end.js'
import type { Product } from './harness/product.js'
import { type StoreAdmin, sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { KiB, MiB, type TestFile, flipByte } from './harness/test-file.js'
import { waitForCopy } from './harness/kept-copy.js'
import { leaveNoRoom } from './harness/no-room.js'
import { silence } from './harness/silence.js'
import { UploadPage } from './harness/upload-page.js'

const test = endToEnd()

/**
 * Uploads until two fifths of the file are stored and the rest is copied locally, then kills every process of the
 * browser. Copying takes time on a busy machine, so the store is slowed almost to a stop meanwhile.
 */
async function killHalfway(visitor: Visitor, store: StoreAdmin, file: TestFile): Promise<void> {
  const uploads = await visitor.open()
  await store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: 2 * MiB } })
  await uploads.pick(file.path)
  await uploads.row(file.path).waitForStored(0.4)
  await store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: 64 * KiB } })
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
  const file = await files.make('film.mkv', 136 * MiB)
  await killHalfway(visitor, store, file)
  const again = await comeBack(visitor, product)
  await again.unfinishedRow(file.path).locator.waitFor()
  const storedBefore = await store.acknowledgements()
  const row = again.row(file.path)
  await row.waitFor('done')

  const acknowledgements = await store.acknowledgements()
  expect(storedBefore.size).toBeGreaterThan(0.35 * acknowledgements.size)
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
  await killHalfway(visitor, store, file)
  await rm(file.path)
  const again = await comeBack(visitor, product)
  const row = again.row(file.path)
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('the original edited after the kill: what it was is finished, as one state', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('edited-since.bin', 128 * MiB, 3)
  await killHalfway(visitor, store, file)
  await flipByte(file.path, 1)
  await flipByte(file.path, 120 * MiB)
  const again = await comeBack(visitor, product)
  const row = again.row(file.path)
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('switched off, nothing goes on by itself, also not at the next visit; one click continues it', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('by-hand.bin', 128 * MiB, 4)
  await killHalfway(visitor, store, file)
  const again = await comeBack(visitor, product)
  await again.page.getByTestId('automatic').click()
  await again.reload()
  const unfinished = again.unfinishedRow(file.path)
  await unfinished.locator.waitFor()
  expect(await unfinished.locator.getAttribute('data-needs')).toBe('nothing')
  await silence(4_000)
  expect(await again.rows.count()).toBe(0)
  await unfinished.locator.getByTestId('unfinished-resume').click()
  const row = again.row(file.path)
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('without room in the browser the file is picked again', async ({ store, visitor, files }) => {
  const file = await files.make('no-room.bin', 128 * MiB, 5)
  await leaveNoRoom(visitor.chromium.context)
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(file.path)
  await uploads.row(file.path).waitForPercent(30)
  await uploads.reload()
  await store.heal()
  const unfinished = uploads.unfinishedRow(file.path)
  await unfinished.locator.waitFor()
  expect(await unfinished.locator.getAttribute('data-needs')).toBe('file')
  expect(await unfinished.locator.innerText()).toContain('Choose “no-room.bin” again')
  await unfinished.choose(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('the same file picked while it goes on by itself joins it: one row, one object', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('joined.bin', 128 * MiB, 6)
  await killHalfway(visitor, store, file)
  const again = await comeBack(visitor, product)
  await again.unfinishedRow(file.path).locator.waitFor()
  const storedBefore = await store.acknowledgements()
  await store.slowDown()
  await again.row(file.path).waitFor('uploading')
  await again.pick(file.path)
  await store.heal()
  const row = again.row(file.path)
  await row.waitFor('done')
  expect(await again.rows.count()).toBe(1)
  expect(sentAgain(storedBefore, await store.acknowledgements())).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})
