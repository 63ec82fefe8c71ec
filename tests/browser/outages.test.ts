import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { silence } from './harness/silence.js'
import { bytesStored, countAcknowledgements, sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { KiB, MiB } from './harness/test-file.js'

const test = endToEnd()

test('server and store killed in the middle and started again: the upload goes on by itself', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('survivor.bin', 128 * MiB)
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(30)
  const journal = await store.journal()
  const before = countAcknowledgements(journal)
  // Until the page has processed everything the store acknowledged.
  await row.waitForStored(bytesStored(journal) / file.size)

  await product.kill()
  await row.waitFor(['waiting', 'uploading'])
  await product.restart()
  await row.waitFor('done', 120_000)

  const after = await store.acknowledgements()
  expect([...after.keys()].filter((part) => before.has(part))).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('stopped by its operator in the middle, it ends cleanly, and the upload goes on once it is back', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('restarted.bin', 96 * MiB, 2)
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(20)
  await product.stop()
  await product.restart()
  await row.waitFor('done', 120_000)
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('a lost network makes it wait, and it goes on by itself', async ({ store, visitor, files }) => {
  const file = await files.make('offline.bin', 96 * MiB)
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(20)
  await visitor.chromium.context.setOffline(true)
  await row.waitFor('waiting')
  const lostAt = Date.now()
  await silence(2000)
  const foundAt = Date.now()
  await store.heal()
  await visitor.chromium.context.setOffline(false)
  await row.waitFor('done', 120_000)
  // Look at parts only: even when Chromium reports the page as offline, it lets its preflights through.
  const parts = (await store.journal()).filter(({ operation }) => operation === 'UploadPart')
  expect(parts.filter(({ at }) => at > lostAt + 100 && at < foundAt)).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('a full disk in the store is said in words, and once there is room the file goes on', async ({
  store,
  visitor,
  files,
}) => {
  const file = await files.make('too-much.bin', 48 * MiB)
  const uploads = await visitor.open()
  await store.harm({ operation: 'UploadPart', skip: 2, fault: { kind: 'disk-full', afterBytes: 512 * KiB } })
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('failed')
  expect(await row.errorCode()).toBe('store-full')
  expect(await row.error()).toContain('Storage is full')
  const before = await store.acknowledgements()
  expect(before.size).toBeGreaterThan(0)

  await store.heal()
  await row.resume()
  await row.waitFor('done')
  expect(sentAgain(before, await store.acknowledgements())).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})
