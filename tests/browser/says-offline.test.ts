import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

test('a browser that takes itself for offline uploads all the same over a network that works', async ({
  visitor,
  files,
}) => {
  const file = await files.make('says-offline.bin', 16 * MiB, 9)
  await visitor.chromium.context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })
  })
  const uploads = await visitor.open()
  expect(await uploads.page.evaluate(() => navigator.onLine)).toBe(false)
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})
