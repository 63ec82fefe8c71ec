import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { sentAgain } from './harness/store-admin.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'
import { UploadPage } from './harness/upload-page.js'

const test = endToEnd()

test('a file carries on after every process of the browser was killed', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('film.mkv', 2048 * MiB)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  await uploads.row(file.path).waitForPercent(40)
  await visitor.chromium.kill()

  const again = await UploadPage.open(await visitor.chromium.relaunch(), product.url)
  await again.unfinished.first().waitFor()
  const storedBefore = await store.acknowledgements()
  await again.pick(file.path)
  const row = again.row(file.path)
  await row.waitFor('done', 400_000)

  const acknowledgements = await store.acknowledgements()
  expect(storedBefore.size).toBeGreaterThan(0.35 * acknowledgements.size)
  expect(sentAgain(storedBefore, acknowledgements)).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('killed seconds after the very first visit, before Chromium wrote its cookies to disk: it carries on all the same', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('first-visit.bin', 64 * MiB, 2)
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(file.path)
  await uploads.row(file.path).waitForPercent(30)
  await visitor.chromium.kill()
  await store.heal()

  const again = await UploadPage.open(await visitor.chromium.relaunch(), product.url)
  await again.unfinished.first().waitFor()
  const storedBefore = await store.acknowledgements()
  await again.pick(file.path)
  const row = again.row(file.path)
  await row.waitFor('done')
  expect(sentAgain(storedBefore, await store.acknowledgements())).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})
