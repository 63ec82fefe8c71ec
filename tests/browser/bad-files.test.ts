import { rm } from 'node:fs/promises'
import { describe, expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { listUploads } from './harness/register.js'
import { stopMidway } from './harness/stopped-midway.js'
import { readObject } from './harness/stored-object.js'
import { MiB, flipByte, sha256OfFile } from './harness/test-file.js'

describe('a limit of 1 MB', () => {
  const test = endToEnd({ UPLOAD_MAX_BYTES: '1000000' })

  test('a file over the limit is refused in words, and one at the limit is not', async ({
    product,
    visitor,
    files,
  }) => {
    const large = await files.make('large.bin', 1_000_001)
    const atLimit = await files.make('at-limit.bin', 1_000_000)
    const uploads = await visitor.open()
    await uploads.pick(large.path, atLimit.path)
    await uploads.row(large.path).waitFor('failed')
    expect(await uploads.row(large.path).error()).toContain('larger than this site accepts')
    await uploads.row(atLimit.path).waitFor('done')
    expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
  })
})

describe('a file that is touched while it is uploading', () => {
  const test = endToEnd()

  test('edited on disk: it is said so, and picking it again carries on', async ({
    store,
    visitor,
    files,
  }) => {
    const file = await files.make('edited.bin', 96 * MiB)
    const uploads = await visitor.open()
    await stopMidway(uploads, store, file.path, 20)
    const row = uploads.row(file.path)
    await flipByte(file.path, 90 * MiB)
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

  test('deleted from disk: it is said so, and not that the network is away', async ({
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
    expect(await row.error()).toMatch(/The file (cannot be read|changed)/)
  })
})
