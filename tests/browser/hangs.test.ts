import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

test('a browser whose storage and locks never answer uploads all the same', async ({ visitor, files }) => {
  const file = await files.make('mute-browser.bin', 40 * MiB, 1)
  await visitor.chromium.context.addInitScript(() => {
    const never = () => new Promise(() => undefined)
    IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest
    LockManager.prototype.request = never
    StorageManager.prototype.getDirectory = never as typeof StorageManager.prototype.getDirectory
    StorageManager.prototype.estimate = never as typeof StorageManager.prototype.estimate
  })
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('a store that is blocked is named by its host, and tried at once when somebody says so', async ({
  product,
  visitor,
  files,
}) => {
  const file = await files.make('blocked-store.bin', 40 * MiB, 2)
  const store = new URL(product.storeUrl)
  const uploads = await visitor.open()
  await visitor.chromium.context.route(
    ({ host }) => host === store.host,
    (route) => route.abort('blockedbyclient'),
  )
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.locator.getByText(store.host).waitFor({ timeout: 120_000 })
  expect(await row.state()).toBe('waiting')
  await visitor.chromium.context.unrouteAll()
  await row.locator.getByRole('button', { name: /^Try now/u }).click()
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})

test('code that is gone after a deploy: what can do without does, else the page says to reload it', async ({
  visitor,
  files,
}) => {
  const { context } = visitor.chromium
  const gone = (pattern: RegExp) =>
    context.route(pattern, (route) =>
      route.fulfill({ status: 404, contentType: 'text/html', body: 'Not found' }),
    )
  const uploads = await visitor.open()
  const first = await files.make('without-copies.bin', 40 * MiB, 3)
  await gone(/\/kept-files[^/]*\.js$/u)
  await uploads.pick(first.path)
  await uploads.row(first.path).waitFor('done')

  const second = await files.make('outdated.bin', 40 * MiB, 4)
  await gone(/\/(?:worker|same-thread)[^/]*\.js$/u)
  await uploads.reload()
  await uploads.pick(second.path)
  const row = uploads.row(second.path)
  await row.waitFor('failed')
  const error = row.locator.getByTestId('upload-error')
  expect(await error.getAttribute('data-code')).toBe('page-outdated')
  expect(await error.innerText()).toContain('Reload the page. Nothing is lost.')

  await context.unrouteAll()
  await uploads.reload()
  await uploads.pick(second.path)
  await uploads.row(second.path).waitFor('done')
})
