import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { listUploads } from './harness/server-uploads.js'
import { silence } from './harness/silence.js'
import { countAcknowledgements, sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'
import { UploadPage } from './harness/upload-page.js'

const test = endToEnd()

/** Rate per request: a part takes seconds, and the whole file longer than what the test does meanwhile. */
const slow = { operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: 2 * MiB } } as const

test('the same file in a second tab shows the first, steers it, takes over when it is closed, and nothing goes twice', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('tabs.bin', 160 * MiB)
  const first = await visitor.open()
  await store.harm(slow)
  await first.pick(file.path)
  await first.row(file.path).waitForPercent(5)

  const second = await UploadPage.open(await visitor.chromium.context.newPage(), product.url)
  await second.pick(file.path)
  const row = second.row(file.path)
  await row.waitFor('waiting')
  await row.waitForPercent(5)
  const shown = await row.percent()
  await row.waitForPercent(shown + 1)

  await row.pause()
  await first.row(file.path).waitFor('paused')
  // At this rate, the store needs up to four seconds to read what the network still held of an aborted part.
  await silence(5000)
  const quiet = await store.journal()
  await silence(5000)
  expect(await store.journal()).toEqual(quiet)
  await row.resume()
  await first.row(file.path).waitFor('uploading')

  const before = await store.acknowledgements()
  await first.page.close()
  await row.waitFor('uploading')
  await store.heal()
  await row.waitFor('done')

  expect(sentAgain(countAcknowledgements(quiet), await store.acknowledgements())).toEqual([])
  expect(sentAgain(before, await store.acknowledgements())).toEqual([])
  expect(await listUploads(product.url, await visitor.cookie(), 'open')).toEqual([])
  expect(await listUploads(product.url, await visitor.cookie(), 'done')).toHaveLength(1)
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('the same file in two tabs becomes one object, and both tell its address', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('one.bin', 64 * MiB)
  const first = await visitor.open()
  await store.harm(slow)
  await first.pick(file.path)
  await first.row(file.path).waitForPercent(5)
  const second = await UploadPage.open(await visitor.chromium.context.newPage(), product.url)
  await second.pick(file.path)
  await second.row(file.path).waitForPercent(5)
  await store.heal()
  await first.row(file.path).waitFor('done')
  await second.row(file.path).waitFor('done')

  expect(await second.row(file.path).url()).toBe(await first.row(file.path).url())
  expect(await listUploads(product.url, await visitor.cookie(), 'done')).toHaveLength(1)
})
