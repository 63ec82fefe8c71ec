import { appendFile, copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { listUploads } from './harness/server-uploads.js'
import { sentAgain } from './harness/store-admin.js'
import { stopMidway } from './harness/stopped-midway.js'
import { readObject } from './harness/stored-object.js'
import { MiB, flipByte, sha256OfFile } from './harness/test-file.js'

const test = endToEnd()

test('two files of equal samples become two objects, each under its own name', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const first = await files.make('first.bin', 96 * MiB, 21)
  const second = join(files.folder, 'second.bin')
  await copyFile(first.path, second)
  // In one of the first parts, between two of the ranges sampled for a large file's fingerprint (docs/api.md).
  await flipByte(second, MiB)
  const uploads = await visitor.open()
  await stopMidway(uploads, store, first.path, 30)

  await uploads.reload()
  await uploads.pick(second)
  await uploads.row(second).waitFor('done')
  await uploads.unfinishedRow(first.path).locator.waitFor()
  await uploads.pick(first.path)
  await uploads.row(first.path).waitFor('done')
  for (const path of [first.path, second]) {
    const object = await readObject(await uploads.row(path).url(), await visitor.cookie())
    expect(object.sha256).toBe(await sha256OfFile(path))
  }
  const done = await listUploads(product.url, await visitor.cookie(), 'done')
  expect(done.map(({ name }) => name).sort()).toEqual(['first.bin', 'second.bin'])
})

test('a file that grew keeps what is equal, and leaves one upload', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('growing.bin', 96 * MiB, 22)
  const uploads = await visitor.open()
  await stopMidway(uploads, store, file.path, 40)
  const row = uploads.row(file.path)
  const before = await store.acknowledgements()
  await appendFile(file.path, Buffer.alloc(3 * MiB, 7))
  await row.resume()
  await row.waitFor('failed')
  expect(await row.errorCode()).toBe('file-changed')

  await uploads.reload()
  await uploads.pick(file.path)
  await row.waitFor('done')
  const object = await readObject(await row.url(), await visitor.cookie())
  expect(object.sha256).toBe(await sha256OfFile(file.path))
  // Of the stored parts, only the last, a short one, may be sent again.
  expect(sentAgain(before, await store.acknowledgements()).length).toBeLessThanOrEqual(1)
  expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
})
