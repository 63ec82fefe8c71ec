import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { listUploads } from './harness/server-uploads.js'
import { bytesStored, countAcknowledgements, sentAgain } from './harness/store-admin.js'
import { stopMidway } from './harness/stopped-midway.js'
import { readObject } from './harness/stored-object.js'
import { KiB, MiB, flipByte, sha256OfFile } from './harness/test-file.js'

const test = endToEnd()
/** Size of a large file's first parts; later ones may be larger. Bytes. */
const firstPartSize = MiB

test('a renamed copy carries on where the original was', async ({ store, visitor, files }) => {
  const file = await files.make('holiday.mp4', 96 * MiB)
  const uploads = await visitor.open()
  await stopMidway(uploads, store, file.path, 30)

  const copy = join(files.folder, 'holiday (1).mp4')
  await copyFile(file.path, copy)
  await uploads.reload()
  const before = await store.acknowledgements()
  await uploads.pick(copy)
  const row = uploads.row(copy)
  await row.waitFor('done')
  const journal = await store.journal()
  expect(sentAgain(before, countAcknowledgements(journal))).toEqual([])
  expect(bytesStored(journal)).toBe(file.size)
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('a file edited in one place sends only the part that differs', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('disk.img', 96 * MiB, 2)
  const uploads = await visitor.open()
  await stopMidway(uploads, store, file.path, 50)
  const [open] = await listUploads(product.url, await visitor.cookie(), 'open')
  expect(open?.partSize).toBe(firstPartSize)
  const part = `${open?.key ?? ''} 3`
  expect((await store.acknowledgements()).get(part)).toBe(1)

  await flipByte(file.path, unsampledByte(file.size, 2 * firstPartSize))
  await uploads.reload()
  const before = await store.acknowledgements()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect(sentAgain(before, await store.acknowledgements())).toEqual([part])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(
    await sha256OfFile(file.path),
  )
})

test('a file edited where its identity is sampled goes on too, sends that part again, and leaves one upload', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('notes.db', 96 * MiB, 3)
  const uploads = await visitor.open()
  await stopMidway(uploads, store, file.path, 20)
  const [open] = await listUploads(product.url, await visitor.cookie(), 'open')

  await flipByte(file.path, 0)
  await uploads.reload()
  const before = await store.acknowledgements()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(
    await sha256OfFile(file.path),
  )
  expect(sentAgain(before, await store.acknowledgements())).toEqual([`${open?.key ?? ''} 1`])
  expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
  const done = await listUploads(product.url, await visitor.cookie(), 'done')
  expect(done.map(({ id }) => id)).toEqual([open?.id])
})

/** Offset at or after `from` outside the 16 ranges of 256 KiB sampled for a large file's fingerprint (docs/api.md). */
function unsampledByte(size: number, from: number): number {
  const sample = 256 * KiB
  const starts = Array.from({ length: 16 }, (_, index) => Math.floor((index * (size - sample)) / 15))
  const inSample = (offset: number) => starts.some((start) => offset >= start && offset < start + sample)
  let offset = from + 12_345
  while (inSample(offset)) offset += sample
  return offset
}
