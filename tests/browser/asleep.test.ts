import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { silence } from './harness/silence.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

/** Longer than idle connections live, so the store's server drops them meanwhile. Milliseconds. */
const nap = 10_000

test('a machine that slept in the middle: the upload goes on when it wakes, and nothing goes twice', async ({
  store,
  visitor,
  files,
}) => {
  const file = await files.make('slept.bin', 96 * MiB)
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(20)
  const wake = await visitor.chromium.sleep()
  try {
    await silence(nap)
  } finally {
    wake()
  }
  await row.waitFor('done', 120_000)
  expect([...(await store.acknowledgements()).values()].every((times) => times === 1)).toBe(true)
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('a machine that slept while the store joined the parts is not stuck at 99 % when it wakes', async ({
  store,
  visitor,
  files,
}) => {
  await store.harm({
    operation: 'CompleteMultipartUpload',
    fault: { kind: 'slow-complete', milliseconds: 5_000 },
  })
  const file = await files.make('joined-asleep.bin', 32 * MiB, 3)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('finishing')
  const wake = await visitor.chromium.sleep()
  try {
    await silence(nap)
  } finally {
    wake()
  }
  await row.waitFor('done', 120_000)
  expect([...(await store.acknowledgements()).values()].every((times) => times === 1)).toBe(true)
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('a page behind another tab, frozen for a while by the browser, uploads to the end', async ({
  store,
  visitor,
  files,
}) => {
  const file = await files.make('behind.bin', 96 * MiB, 2)
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(20)
  const front = await visitor.chromium.context.newPage()
  await front.bringToFront()
  const behind = await visitor.chromium.context.newCDPSession(uploads.page)
  await behind.send('Page.setWebLifecycleState', { state: 'frozen' })
  await silence(5_000)
  await behind.send('Page.setWebLifecycleState', { state: 'active' })
  await row.waitFor('done', 120_000)
  expect([...(await store.acknowledgements()).values()].every((times) => times === 1)).toBe(true)
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})
