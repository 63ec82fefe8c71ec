import { rm } from 'node:fs/promises'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { stopMidway } from './harness/stopped-midway.js'
import { readObject } from './harness/stored-object.js'
import { MiB, flipByte, sha256OfFile } from './harness/test-file.js'

const test = endToEnd()

test('edited on disk while it is uploading: it is said so, and picking it again carries on', async ({
  store,
  visitor,
  files,
}) => {
  const file = await files.make('edited.bin', 96 * MiB)
  const uploads = await visitor.open()
  await stopMidway(uploads, store, file.path, 20)
  const row = uploads.row(file.path)
  await flipByte(file.path, 92 * MiB)
  await row.resume()
  await row.waitFor('failed')
  expect(await row.errorCode()).toBe('file-changed')
  expect(await row.error()).toContain('The file changed while it was uploading')

  await uploads.reload()
  await uploads.pick(file.path)
  await row.waitFor('done')
  const object = await readObject(await row.url(), await visitor.cookie())
  expect(object.sha256).toBe(await sha256OfFile(file.path))
})

test('deleted while it is uploading: it is said so, and not that the network is away', async ({
  store,
  visitor,
  files,
}) => {
  const file = await files.make('deleted.bin', 96 * MiB)
  await store.slowDown()
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(20)
  await rm(file.path)
  await row.waitFor('failed')
  expect(['file-unreadable', 'file-changed']).toContain(await row.errorCode())
  expect(await row.error()).toMatch(/The file (can't be read|changed)/)
})
