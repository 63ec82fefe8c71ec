import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { report } from './harness/measurements.js'
import { listUploads } from './harness/server-uploads.js'
import { bytesStored } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { MiB, flipByte, sha256OfFile } from './harness/test-file.js'

const test = endToEnd()
/** Store operations that send bytes or prepare for sending them. */
const sending = [
  'InitiateMultipartUpload',
  'UploadPart',
  'PutObject',
  'PostObject',
  'CompleteMultipartUpload',
]

test('a file of 136 MiB that is stored already is asked about, and used without a byte sent; nobody else learns of it', async ({
  product,
  store,
  visitor,
  arrive,
  files,
}) => {
  const file = await files.make('holiday.mp4', 136 * MiB)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const first = uploads.row(file.path)
  await first.waitFor('done')
  const url = await first.url()
  await uploads.reload()

  const copy = join(files.folder, 'holiday (1).mp4')
  await copyFile(file.path, copy)
  const before = await store.journal()
  const row = uploads.row(copy)
  const picked = Date.now()
  await uploads.pick(copy)
  await row.duplicate.waitFor()
  const compared = Date.now()
  expect(await row.duplicate.innerText()).toContain('holiday.mp4')
  expect(await uploads.wouldWarnOfLeaving()).toBe(false)
  await row.useStored()
  await row.waitFor('done')
  expect(await row.url()).toBe(url)
  const since = (await store.journal()).slice(before.length)
  expect(since.filter(({ operation }) => sending.includes(operation))).toEqual([])
  expect(await listUploads(product.url, await visitor.cookie(), 'done')).toHaveLength(1)
  await report('already-there', { size: file.size, millisecondsToQuestion: compared - picked })

  const other = await arrive()
  const theirs = await other.open()
  await theirs.pick(file.path)
  await theirs.row(file.path).waitFor('done')
  expect(await theirs.row(file.path).url()).not.toBe(url)
  expect(bytesStored((await store.journal()).slice(before.length))).toBe(file.size)
})

test('several that are stored already are answered for at a stroke, while another is sent', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const known = [
    await files.make('a.bin', 24 * MiB, 11),
    await files.make('b.bin', 24 * MiB, 12),
    await files.make('c.txt', 1000, 13),
  ]
  const fresh = await files.make('new.bin', 24 * MiB, 14)
  const uploads = await visitor.open()
  await uploads.pick(...known.map(({ path }) => path))
  for (const { path } of known) await uploads.row(path).waitFor('done')
  await uploads.reload()

  const before = (await store.journal()).length
  await uploads.pick(...known.map(({ path }) => path), fresh.path)
  await uploads.row(fresh.path).waitFor('done')
  await uploads.page.locator('[data-testid="duplicates"][data-count="3"]').waitFor()
  await uploads.page.getByTestId('duplicates-reuse').click()
  for (const { path } of known) await uploads.row(path).waitFor('done')
  const sent = (await store.journal()).slice(before).filter(({ operation }) => operation === 'UploadPart')
  // Everything sent belongs to the one new file.
  expect(bytesStored(sent)).toBe(fresh.size)
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  expect(await listUploads(product.url, await visitor.cookie(), 'done')).toHaveLength(4)
})

test('a file that only looks like one that is stored is uploaded without a question', async ({
  visitor,
  files,
}) => {
  const file = await files.make('disk.img', 40 * MiB, 15)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  await uploads.row(file.path).waitFor('done')
  const url = await uploads.row(file.path).url()
  await uploads.reload()
  // Between two of the ranges sampled for a large file's fingerprint (docs/api.md).
  await flipByte(file.path, MiB)
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect(await row.url()).not.toBe(url)
  const stored = await readObject(await row.url(), await visitor.cookie())
  expect(stored.sha256).toBe(await sha256OfFile(file.path))
})
