import { basename } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import type { EndToEnd } from './harness/end-to-end.js'
import { waitForCopy } from './harness/kept-copy.js'
import { recordMainThread } from './harness/main-thread.js'
import { report } from './harness/measurements.js'
import { leaveNoRoom } from './harness/no-room.js'
import {
  expectArrived,
  makeFiles,
  waitForArrivals,
  waitForCopies,
  waitForPick,
  waitForRest,
} from './harness/queue.js'
import { listUploads } from './harness/server-uploads.js'
import { KiB, MiB } from './harness/test-file.js'
import { UploadPage } from './harness/upload-page.js'

const test = endToEnd()

test('ten files, reloaded after the first: all arrive, and none is picked again', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const ten = await makeFiles(files, 10, 12 * MiB, 1)
  const uploads = await visitor.open()
  await store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: 64 * KiB } })
  await uploads.pick(...ten.map(({ path }) => path))
  // The first three files are under way; their remaining bytes are copied as they are sent.
  await waitForCopies(uploads.page, 7)
  await waitForCopy(uploads.page)
  await store.heal()
  await store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: MiB } })
  await waitForArrivals(visitor, product, 1)
  await uploads.reload()
  await store.heal()
  const arrived = (await listUploads(product.url, await visitor.cookie(), 'done')).length
  expect(arrived).toBeLessThan(5)
  await uploads.unfinished.first().waitFor()
  expect(await uploads.unfinished.count()).toBeGreaterThanOrEqual(5)
  expect(await uploads.page.locator('[data-testid="unfinished-row"][data-needs="file"]').count()).toBe(0)
  await expectArrived(visitor, product, ten)
  expect(await uploads.unfinished.count()).toBe(0)
})

test('the browser killed in the moment of the pick of 200 files: all of them have a row, or none', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const { many, again } = await pickedAndKilled({ product, store, visitor, files }, async () => undefined)
  await again.page.waitForLoadState('networkidle')
  const rows = again.page.getByTestId('unfinished-pick-all')
  const hasRows = (await rows.count()) > 0
  if (hasRows) expect(await rows.innerText()).toBe('Choose 200 files again')
  await again.pick(...many.map(({ path }) => path))
  await expectArrived(visitor, product, many)
  expect(await again.unfinished.count()).toBe(0)
})

test('the browser killed once 200 files are remembered: every one has a row', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const { many, again } = await pickedAndKilled({ product, store, visitor, files }, waitForPick)
  const all = again.page.getByTestId('unfinished-pick-all')
  await all.waitFor()
  expect(await all.innerText()).toBe('Choose 200 files again')
  const chooser = again.page.waitForEvent('filechooser')
  await all.click()
  await (await chooser).setFiles(many.map(({ path }) => path))
  await expectArrived(visitor, product, many)
  expect(await again.unfinished.count()).toBe(0)
})

test('without room for any copy the rows say what to pick, and one pick is enough', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const ten = await makeFiles(files, 10, 12 * MiB, 2_000)
  await leaveNoRoom(visitor.chromium.context)
  const uploads = await visitor.open()
  await store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: MiB } })
  await uploads.pick(...ten.map(({ path }) => path))
  await waitForArrivals(visitor, product, 1)
  await uploads.reload()
  await store.heal()
  // Uploads that were completing are done after all; wait for them, so that the reloaded page lists them as finished.
  const completing = async () =>
    (await listUploads(product.url, await visitor.cookie(), 'open')).filter(
      ({ state }) => state === 'completing',
    )
  await expect.poll(completing).toEqual([])
  await uploads.reload()
  const done = await waitForRest(uploads.page, visitor, product, ten.length)
  const arrived = new Set(done.map(({ name }) => name))
  const all = uploads.page.getByTestId('unfinished-pick-all')
  const missing = ten.filter(({ path }) => !arrived.has(basename(path)))
  expect(await all.innerText()).toBe(`Choose ${missing.length} files again`)
  for (const { path } of missing) {
    const row = uploads.unfinishedRow(path).locator
    expect(await row.getAttribute('data-needs')).toBe('file')
    expect(await row.innerText()).toContain(`Choose “${basename(path)}” again`)
  }
  const chooser = uploads.page.waitForEvent('filechooser')
  await all.click()
  await (await chooser).setFiles(missing.map(({ path }) => path))
  await expectArrived(visitor, product, ten)
  expect(await uploads.unfinished.count()).toBe(0)
})

test('where nothing is remembered the page says so, warns, and uploads all the same', async ({
  product,
  store,
  visitor,
  files,
}) => {
  await visitor.chromium.context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('Not in a private window.', 'SecurityError')
    }
  })
  const five = await makeFiles(files, 5, 9 * MiB, 3_000)
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(...five.map(({ path }) => path))
  const words = uploads.page.getByTestId('forgettable')
  await words.waitFor()
  expect(await words.innerText()).toMatch(/unfinished files have to be chosen again/)
  expect(await uploads.wouldWarnOfLeaving()).toBe(true)
  await store.heal()
  await expectArrived(visitor, product, five)
  expect(await words.count()).toBe(0)
})

test('a second tab takes up nothing of what the first has yet to send', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const five = await makeFiles(files, 5, 9 * MiB, 4_000)
  const uploads = await visitor.open()
  // Slow enough that no file is done when the second tab opens.
  await store.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond: 256 * KiB } })
  await uploads.pick(...five.map(({ path }) => path))
  await waitForCopies(uploads.page, 2)
  const second = await UploadPage.open(await visitor.chromium.context.newPage(), product.url)
  await second.unfinished.first().waitFor()
  expect(await second.page.locator('[data-testid="unfinished-row"][data-state="queued"]').count()).toBe(0)
  await second.page.close()
  await store.heal()
  await expectArrived(visitor, product, five)
})

test('of three hundred files none is forgotten', async ({ product, store, visitor, files }) => {
  const count = 300
  const many = await makeFiles(files, count, 2 * KiB, 10_000)
  const uploads = await visitor.open()
  await store.harm({ operation: 'PostObject', fault: { kind: 'delay', milliseconds: 1_000 } })
  await uploads.page.waitForLoadState('networkidle')
  const tasks = await recordMainThread(uploads.page, async () => {
    await uploads.pick(...many.map(({ path }) => path))
    await waitForArrivals(visitor, product, 30)
  })
  // These include the browser's own task, which creates three hundred File objects for the pick.
  await report('queue-main-thread', {
    tasks: tasks.length,
    longestProcessorMs: tasks
      .map(({ processorTime }) => processorTime)
      .sort((a, b) => b - a)
      .slice(0, 5),
  })
  await uploads.reload()
  await store.heal()
  await uploads.page.waitForLoadState('networkidle')
  // Files with a local copy continue by themselves; the page asks for all others, and only those, in a single pick.
  const rest = await waitForRest(uploads.page, visitor, product, count)
  const arrived = new Set(rest.map(({ name }) => name))
  const missing = many.filter(({ path }) => !arrived.has(basename(path)))
  if (missing.length === 1) await uploads.pick(...missing.map(({ path }) => path))
  if (missing.length > 1) {
    const all = uploads.page.getByTestId('unfinished-pick-all')
    expect(await all.innerText()).toBe(`Choose ${missing.length} files again`)
    const chooser = uploads.page.waitForEvent('filechooser')
    await all.click()
    await (await chooser).setFiles(missing.map(({ path }) => path))
  }
  const done = await waitForArrivals(visitor, product, count, 300_000)
  expect(new Set(done.map(({ name }) => name)).size).toBe(count)
  expect(done).toHaveLength(count)
})

/**
 * Picks 200 files in a browser that keeps no local copies, kills it once `remembered` resolves, and starts it again.
 */
async function pickedAndKilled(
  { product, store, visitor, files }: Pick<EndToEnd, 'product' | 'store' | 'visitor' | 'files'>,
  remembered: (page: Page) => Promise<void>,
) {
  const many = await makeFiles(files, 200, 20 * KiB, 1_000)
  await leaveNoRoom(visitor.chromium.context)
  const uploads = await visitor.open()
  await store.harm({ operation: 'PostObject', fault: { kind: 'hang' } })
  await uploads.pick(...many.map(({ path }) => path))
  await remembered(uploads.page)
  await visitor.chromium.kill()
  await store.heal()
  return { many, again: await UploadPage.open(await visitor.chromium.relaunch(), product.url) }
}
