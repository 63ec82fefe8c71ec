import { expect } from 'vitest'
import { openBucket, openFragments } from './harness/bucket.js'
import { endToEnd } from './harness/end-to-end.js'
import { listUploads } from './harness/server-uploads.js'
import { countAcknowledgements, sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { silence } from './harness/silence.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

test('pause stops the traffic within a second, and continue finishes the file', async ({
  store,
  visitor,
  files,
}) => {
  await store.slowDown()
  const file = await files.make('pause.bin', 96 * MiB)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(10)
  await row.pause()
  await row.waitFor('paused')
  const pausedAt = Date.now()
  await silence(1000)
  const before = await store.acknowledgements()
  const percent = await row.percent()
  await silence(2000)
  expect(await row.percent()).toBe(percent)
  const resumedAt = Date.now()

  await store.heal()
  await row.resume()
  await row.waitFor('done')
  // Read at the end, because the journal lists a request only once it has ended.
  const journal = await store.journal()
  expect(journal.filter(({ at }) => at > pausedAt + 1000 && at < resumedAt)).toEqual([])
  expect(sentAgain(before, countAcknowledgements(journal))).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('a cancel that is taken back loses nothing, and the file goes on', async ({ store, visitor, files }) => {
  // Six concurrent requests at this rate leave some seconds in which to cancel.
  await store.slowDown(MiB)
  const file = await files.make('undo.bin', 48 * MiB)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(10)
  await row.locator.getByTestId('upload-cancel').click()
  const undo = row.locator.getByTestId('undo')
  await undo.waitFor()
  expect(await undo.evaluate((button) => button === document.activeElement)).toBe(true)
  await row.waitFor('paused')
  await silence(1000)
  const before = await store.acknowledgements()
  await store.heal()
  await undo.press('Enter')
  await row.waitFor('done')
  expect(sentAgain(before, await store.acknowledgements())).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('one question cancels all, and leaves nothing in the store', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const uploads = await visitor.open()
  await store.slowDown()
  const made = await Promise.all(
    ['one', 'two', 'three'].map((name, index) => files.make(`${name}.bin`, 24 * MiB, index + 1)),
  )
  await uploads.pick(...made.map(({ path }) => path))
  for (const { path } of made) await uploads.row(path).waitForPercent(1)
  await uploads.page.getByTestId('cancel-all').click()
  await uploads.page.getByTestId('cancel-all-confirm').click()
  for (const { path } of made) await uploads.row(path).locator.waitFor({ state: 'detached' })
  expect(await openFragments(await openBucket(product))).toEqual([])
  expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
})

test('cancel leaves no fragment in the store and no open row', async ({ product, store, visitor, files }) => {
  await store.slowDown()
  const file = await files.make('cancel.bin', 96 * MiB)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(10)
  expect(await openFragments(await openBucket(product))).toHaveLength(1)

  await row.cancel()
  expect(await openFragments(await openBucket(product))).toEqual([])
  expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
  await uploads.reload()
  expect(await uploads.unfinished.count()).toBe(0)
})
