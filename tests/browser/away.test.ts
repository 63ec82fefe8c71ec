import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

const outageOf = (page: Page) => async () => {
  const outage = page.getByTestId('outage')
  return (await outage.count()) === 0 ? null : outage.getAttribute('data-of')
}

test('a server that is away is told apart from storage, and all rows go on together once somebody tries', async ({
  visitor,
  files,
}) => {
  const { context, page } = visitor.chromium
  const all = [await files.make('one.bin', 24 * MiB, 1), await files.make('two.bin', 24 * MiB, 2)]
  const uploads = await visitor.open()
  const calls = /\/api\/uploads/u
  await context.route(calls, (route) => route.abort('connectionrefused'))
  await uploads.pick(...all.map(({ path }) => path))
  await expect.poll(outageOf(page), { timeout: 60_000 }).toBe('server')
  const words = await page.getByTestId('outage').innerText()
  expect(words).toMatch(/Can't reach the server\. Since .+(Retrying|Try now)/su)
  expect(await page.getByTestId('outage').count()).toBe(1)

  await context.unroute(calls)
  await page.getByTestId('outage-retry').click()
  for (const { path } of all) await uploads.row(path).waitFor('done')
  await expect.poll(outageOf(page)).toBe(null)
  for (const { path, sha256 } of all) {
    expect((await readObject(await uploads.row(path).url(), await visitor.cookie())).sha256).toBe(sha256)
  }
})

test('storage that is away is said once for all rows', async ({ product, visitor, files }) => {
  const { context, page } = visitor.chromium
  const file = await files.make('store-away.bin', 40 * MiB, 3)
  const store = new URL(product.storeUrl)
  const uploads = await visitor.open()
  await context.route(
    ({ host }) => host === store.host,
    (route) => route.abort('connectionrefused'),
  )
  await uploads.pick(file.path)
  await expect.poll(outageOf(page), { timeout: 120_000 }).toBe('storage')
  await context.unrouteAll()
  await page.getByTestId('outage-retry').click()
  await uploads.row(file.path).waitFor('done')
})

test('a browser without network says that it is offline', async ({ store, visitor, files }) => {
  const { context, page } = visitor.chromium
  const file = await files.make('offline-words.bin', 64 * MiB, 4)
  const uploads = await visitor.open()
  await store.slowDown()
  await uploads.pick(file.path)
  await uploads.row(file.path).waitForPercent(10)
  await context.setOffline(true)
  await expect.poll(outageOf(page), { timeout: 60_000 }).toBe('offline')
  await context.setOffline(false)
  await store.heal()
  await uploads.row(file.path).waitFor('done', 120_000)
})
