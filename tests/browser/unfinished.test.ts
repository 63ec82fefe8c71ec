import { expect } from 'vitest'
import { openBucket, openFragments } from './harness/bucket.js'
import { endToEnd, type Visitor } from './harness/end-to-end.js'
import { leaveNoRoom } from './harness/no-room.js'
import { listUploads } from './harness/server-uploads.js'
import { stopMidway } from './harness/stopped-midway.js'
import { sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'
import type { UploadPage } from './harness/upload-page.js'

const test = endToEnd()

/** A person whose browser keeps no local copies, so unfinished uploads need the file again. */
async function openWithoutRoom(visitor: Visitor): Promise<UploadPage> {
  await leaveNoRoom(visitor.chromium.context)
  return visitor.open()
}

test('an unfinished upload is listed after a refresh, and its own button continues it', async ({
  store,
  visitor,
  files,
}) => {
  const file = await files.make('continue.bin', 96 * MiB, 1)
  const uploads = await openWithoutRoom(visitor)
  await stopMidway(uploads, store, file.path, 30)
  await uploads.reload()
  await uploads.unfinishedRow(file.path).locator.waitFor()
  const before = await store.acknowledgements()

  await uploads.unfinishedRow(file.path).choose(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect(sentAgain(before, await store.acknowledgements())).toEqual([])
  expect(await uploads.unfinished.count()).toBe(0)
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('a file of another size is not taken for it', async ({ product, store, visitor, files }) => {
  const file = await files.make('expected.bin', 128 * MiB, 2)
  const other = await files.make('other.bin', MiB, 3)
  const uploads = await openWithoutRoom(visitor)
  await stopMidway(uploads, store, file.path, 10)
  await uploads.reload()
  const unfinished = uploads.unfinishedRow(file.path)
  await unfinished.choose(other.path)
  await unfinished.locator.getByTestId('unfinished-add-as-new').click()
  const row = uploads.row(other.path)
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(other.sha256)
  const open = await listUploads(product.url, await visitor.cookie(), 'open')
  expect(open.map(({ name }) => name)).toEqual(['expected.bin'])
})

test('another file of the same size is not mixed into it', async ({ product, store, visitor, files }) => {
  const file = await files.make('original.bin', 128 * MiB, 4)
  const other = await files.make('look-alike.bin', 128 * MiB, 5)
  const uploads = await openWithoutRoom(visitor)
  await stopMidway(uploads, store, file.path, 10)
  await uploads.reload()
  await uploads.unfinishedRow(file.path).choose(other.path)
  const row = uploads.row(other.path)
  await row.waitFor(['done', 'failed'])
  const done = await listUploads(product.url, await visitor.cookie(), 'done')
  for (const { url } of done) {
    expect((await readObject(String(url), await visitor.cookie())).sha256).toBe(other.sha256)
  }
  const open = await listUploads(product.url, await visitor.cookie(), 'open')
  expect(open.map(({ name }) => name)).toContain('original.bin')
})

test('discarding it leaves no fragment and no open row', async ({ product, store, visitor, files }) => {
  const file = await files.make('discard.bin', 128 * MiB, 6)
  const uploads = await openWithoutRoom(visitor)
  await stopMidway(uploads, store, file.path, 10)
  await uploads.reload()
  const [open] = await listUploads(product.url, await visitor.cookie(), 'open')
  await uploads.unfinishedRow(file.path).discard()
  expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
  expect(await openFragments(await openBucket(product))).not.toContain(open?.key)
})
